#!/usr/bin/env bash
# Brings a bundle to an environment, asks whether it serves, and goes back to the version before
# where it does not.
#
#   deploy.sh BUNDLE.zip VERSION
#
# EB_APPLICATION and EB_ENVIRONMENT name where; HEALTH_URL is asked at the end, such as
# https://www.example.com/ht/. Exit codes: 0 it serves; 1 the version before serves again; 2 nothing
# was deployed; 3 going back failed, too: somebody has to look now.
set -euo pipefail

bundle=$1 version=$2
: "${EB_APPLICATION:?}" "${EB_ENVIRONMENT:?}" "${HEALTH_URL:?}"
attempts=${HEALTH_ATTEMPTS:-10} pause=${HEALTH_PAUSE:-6}

environment() {
  aws elasticbeanstalk describe-environments --application-name "$EB_APPLICATION" \
    --environment-names "$EB_ENVIRONMENT" --no-include-deleted --output text --query "Environments[0].$1"
}

# Puts a version into the environment and waits; fails where another one runs there at the end.
put() {
  aws elasticbeanstalk update-environment --application-name "$EB_APPLICATION" \
    --environment-name "$EB_ENVIRONMENT" --version-label "$1" >/dev/null || return 1
  aws elasticbeanstalk wait environment-updated --application-name "$EB_APPLICATION" \
    --environment-names "$EB_ENVIRONMENT" || return 1
  test "$(environment VersionLabel)" = "$1"
}

serves() {
  for _ in $(seq "$attempts"); do
    if [ "$(environment Health)" = Green ] &&
      curl --fail --silent --show-error --output /dev/null --max-time 10 "$HEALTH_URL"; then
      return 0
    fi
    sleep "$pause"
  done
  return 1
}

upload() {
  bucket=$(aws elasticbeanstalk create-storage-location --output text --query S3Bucket) &&
    aws s3 cp --only-show-errors "$bundle" "s3://$bucket/$EB_APPLICATION/$version.zip" &&
    aws elasticbeanstalk create-application-version --application-name "$EB_APPLICATION" --version-label "$version" \
      --source-bundle "S3Bucket=$bucket,S3Key=$EB_APPLICATION/$version.zip" >/dev/null
}

nothing() {
  echo "$1: nothing was deployed to $EB_ENVIRONMENT." >&2
  exit 2
}

status=$(environment Status) || nothing "AWS does not answer"
previous=$(environment VersionLabel) || nothing "AWS does not answer"
test "$status" = Ready || nothing "It is $status, not Ready"
upload || nothing "AWS refuses the version $version"

if put "$version" && serves; then
  echo "$EB_ENVIRONMENT serves $version."
  exit 0
fi

echo "$version does not serve in $EB_ENVIRONMENT. Going back to $previous." >&2
# An update that has not ended refuses the next one.
aws elasticbeanstalk wait environment-updated --application-name "$EB_APPLICATION" \
  --environment-names "$EB_ENVIRONMENT" || true
if put "$previous" && serves; then
  echo "$EB_ENVIRONMENT serves $previous again. What the new version said: its events and logs." >&2
  exit 1
fi
echo "$previous does not serve either. Look at $EB_ENVIRONMENT now." >&2
exit 3
