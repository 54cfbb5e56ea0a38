"""What mends a finding of zizmor, which itself names a page only."""

_EDITS = {
    "anonymous-definition": "give it a name:",
    "artipacked": "add to the step: with: {persist-credentials: false}",
    "cache-poisoning": "restore no cache in a job that publishes",
    "concurrency-limits": "add concurrency: {group: ..., cancel-in-progress: true}",
    "dangerous-triggers": "use pull_request, and nothing that others wrote beside a secret",
    "excessive-permissions": "write permissions: {} above the jobs, and in each what it needs",
    "github-env": "write nothing that others wrote to GITHUB_ENV or GITHUB_PATH",
    "overprovisioned-secrets": "name the one secret that is needed, not all of them",
    "ref-version-mismatch": "let the comment name the version of the commit",
    "secrets-inherit": "name the secrets that the called workflow needs in place of inherit",
    "secrets-outside-env": "let the job name the environment: that holds the secret",
    "template-injection": "hand it over by the step's env: and write $NAME in the script",
    "undocumented-permissions": "say in a comment what each permission is for",
    "unpinned-images": "pin the image by its digest: image@sha256:...",
    "unpinned-uses": "pin it by its commit, with the version as a comment: action@<commit>  # v4",
}


def hint(ident: str, url: str) -> str:
    """Return what mends a finding.

    Args:
        ident: zizmor's name for what it looked for.
        url: the page about it.
    """
    return f"{_EDITS.get(ident, 'mend it as its page says')} ({url})"
