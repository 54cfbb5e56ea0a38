"""What the gate `endpoints` looks for."""

from quality_harness.finding import Rule

UNDECLARED = Rule(
    code="END001",
    name="undeclared-route",
    summary="Nobody has said who may send this method to this route.",
    reason="A route is open until somebody thinks of its permissions. Where each has to be "
    "declared, nobody can forget to think.",
    instead="Declare it as Public with a reason, or as Allowed with the roles that may; or take "
    "the route or the method away.",
    bad='path("reports/", ReportsView.as_view(), name="reports")  # in no declaration',
    good='Allowed("reports", "GET", ("staff",))',
)
OPEN = Rule(
    code="END002",
    name="open-endpoint",
    summary="A route lets somebody in who may not.",
    reason="What a role must not see or change has to be refused with 401, 403 or 404, whatever "
    "the body is. A redirect to LOGIN_URL refuses as well.",
    instead="Give the view its permission, and check the object's owner before anything else.",
    bad="class OrderView(APIView):\n    permission_classes = [AllowAny]",
    good="class OrderView(APIView):\n    permission_classes = [IsAuthenticated]",
)
SERVER_ERROR = Rule(
    code="END003",
    name="server-error",
    summary="A route answers a request with a status of 500 or more.",
    reason="Whatever is sent, a failure of the code is not the answer: a body that nobody "
    "expected is refused with a status from 400 to 499.",
    instead="Validate the body before using it, and answer what is wrong with it.",
    bad='Order.objects.create(total=request.data["total"])',
    good="OrderSerializer(data=request.data).is_valid(raise_exception=True)",
)
QUERIES = Rule(
    code="END004",
    name="queries-grow-with-rows",
    summary="A list takes another number of queries where it has more rows.",
    reason="One query a row is nothing on a developer's machine and everything in production.",
    instead="Load what the rows refer to with them: select_related, prefetch_related, annotate.",
    bad="queryset = Order.objects.all()  # the serializer shows order.customer.name",
    good='queryset = Order.objects.select_related("customer")',
)
PAGE_SIZE = Rule(
    code="END005",
    name="uncapped-page-size",
    summary="A list answers with more rows than a page may have.",
    reason="A table grows. A list without an end, or with a size that the client chooses freely, "
    "makes one request as slow and as large as somebody likes.",
    instead="Paginate the list, and set the largest size: max_page_size or max_limit.",
    bad='class Pages(PageNumberPagination):\n    page_size_query_param = "page_size"',
    good='class Pages(PageNumberPagination):\n    page_size_query_param = "page_size"\n'
    "    max_page_size = 100",
)
STALE = Rule(
    code="END006",
    name="stale-declaration",
    summary="A declaration fits no route.",
    reason="What is declared for a route that is gone, or that another one hides, is checked "
    "nowhere, and looks as if it was.",
    instead="Remove the declaration, or write the route's name as it is now.",
    bad='Public("order:lst", "GET", "...")  # the route is called order:list',
    good='Public("order:list", "GET", "...")',
)
REFUSED = Rule(
    code="END007",
    name="role-refused",
    summary="A route refuses a role that is declared to be allowed.",
    reason="Either the code keeps out who needs to get in, or the declaration promises too much. "
    "And where the declared request reaches nothing, nothing was tried on those who may not.",
    instead="Mend whichever of the two is wrong; see that path and body name what is there.",
    bad='Allowed("order:detail", "DELETE", ("owner", "staff"))  # staff get a 403',
    good='Allowed("order:detail", "DELETE", ("owner",))',
)
ROWS = Rule(
    code="END008",
    name="list-without-rows",
    summary="A route answers with a list, and its rows are not counted.",
    reason="Only with more rows does it show whether queries grow and whether pages end.",
    instead="Give the declaration `rows`, which makes more of them where the request finds them, "
    "or say in `fixed` why there are never more.",
    bad='Public("order:list", "GET", "...")',
    good='Public("order:list", "GET", "...", rows=lambda world, count: '
    "OrderFactory.create_batch(count))",
)
GROUP = Rule(
    code="END009",
    name="group-without-role",
    summary="There is a group of users that no role belongs to.",
    reason="What the group's permissions open is never tried.",
    instead="Declare a Role that is called like the group, whose client is one of its members.",
    bad='Group.objects.create(name="Editor")  # and no Role("Editor", ...)',
    good='Role("Editor", lambda world: client_of(world.editor))',
)

RULES = (UNDECLARED, OPEN, SERVER_ERROR, QUERIES, PAGE_SIZE, STALE, REFUSED, ROWS, GROUP)
