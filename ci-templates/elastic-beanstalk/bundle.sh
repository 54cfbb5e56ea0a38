#!/usr/bin/env bash
# Packs what Elastic Beanstalk runs: the committed app, its locked requirements, and what stands
# beside this script.
#
#   bundle.sh APP REQUIREMENTS HEALTH_HOST OUTPUT.zip
#
# HEALTH_HOST is a name of ALLOWED_HOSTS, under which the load balancer's question reaches Django.
set -euo pipefail

if [ "$#" -ne 4 ]; then
  echo "usage: bundle.sh APP REQUIREMENTS HEALTH_HOST OUTPUT.zip" >&2
  exit 2
fi
app=$1 requirements=$2 health_host=$3 output=$(realpath -m "$4")
templates=$(cd "$(dirname "$0")" && pwd)

if ! grep --quiet -- '--hash=sha256:' "$requirements"; then
  echo "$requirements has no hashes, so pip would take what the index says that day. Lock it." >&2
  exit 2
fi
if [[ ! $health_host =~ ^[A-Za-z0-9.-]+$ ]]; then
  echo "'$health_host' is no name of a host. Give one of ALLOWED_HOSTS." >&2
  exit 2
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git archive --format=tar "HEAD:$app" | tar --extract --directory "$folder"
cp "$requirements" "$folder/requirements.txt"
cp -R "$templates/.ebextensions" "$templates/.platform" "$templates/Procfile" "$folder/"
sed -i "s/HEALTH_HOST/$health_host/" "$folder/.platform/nginx/conf.d/elasticbeanstalk/01_health.conf"
python3 -c 'import shutil, sys; shutil.make_archive(sys.argv[1].removesuffix(".zip"), "zip", sys.argv[2])' "$output" "$folder"
