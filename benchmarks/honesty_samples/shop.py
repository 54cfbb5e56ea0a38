"""The code that the sample tests are about."""


class OutOfStock(Exception):
    """There is nothing left."""


class Article:
    def __init__(self, title="Tea", price=3, stock=2):
        self.title = title
        self.price = price
        self.stock = stock
        self.is_sold = False

    def has_stock(self):
        return self.stock > 0

    def sell(self):
        if not self.has_stock():
            raise OutOfStock(self.title)
        self.stock -= 1
        self.is_sold = True
        return self

    def __eq__(self, other):
        return isinstance(other, Article) and self.title == other.title

    def __hash__(self):
        return hash(self.title)


class Shop:
    def __init__(self, gateway):
        self.gateway = gateway

    def pay(self, amount):
        fee = self.gateway.charge(amount)
        return amount + fee

    def notify(self):
        self.gateway.send("sold", retry=False)


def total(prices):
    return sum(prices)


def cheap(articles, limit=5):
    return [article for article in articles if article.price < limit]


def parse(text):
    return int(text)


async def feed():
    return ["Tea"]
