def test_asserted():
    assert total() == 3
    return


def test_response():
    return client.get("/")


def test_and():
    return post and client


def test_inner():
    def is_three(value):
        return value == 3

    assert is_three(total())


def helper():
    return total() == 3


class View(UserPassesTestMixin):
    def test_func(self):
        return True
