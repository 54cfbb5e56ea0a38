def test_equal():
    return total() == 3


def test_call():
    return isinstance(post, Post)


def test_not():
    return not words


def test_or():
    return post or total() == 3


def test_literal():
    return True


class PostTests(TestCase):
    def test_branch(self):
        if post:
            return post.title == "a"
