"""Gates that make a Django project prove it is fit to merge and fit to ship."""
