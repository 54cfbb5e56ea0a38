"""The usual recipes for a cache beside ours, in the same app, under the same injected delays."""
