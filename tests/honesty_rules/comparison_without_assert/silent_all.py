def test_asserted():
    assert total() == 3


def test_raises():
    with pytest.raises(TypeError):
        post < 3


def test_try():
    try:
        post < 3
    except TypeError:
        return


def test_call():
    total()


def test_name():
    post or total()


def test_inner():
    def compare():
        post < 3

    assert compare


def test_with_a_local():
    with connection.cursor(), self.subTest():
        total() == 3


total() == 3


def helper():
    total() == 3
