#!/bin/sh
# Make .venv with the first Python that is new enough; say in one line what is missing.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
python=
for name in "${PYTHON3:-python3}" python3.13 python3.12 python3.11; do
    if "$name" -c "$new_enough" 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Anlan needs Python 3.11 or newer, and no python3, python3.13, python3.12 or python3.11 here is: install one and run make again." >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $version, which this Python needs to make a virtual environment."
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null && apt-get install -y -qq "$version" >/dev/null || {
            echo "$version could not be installed: install it by hand and run make again." >&2
            exit 1
        }
    else
        echo "$python cannot make a virtual environment: install $version (on Debian: apt-get install $version) and run make again." >&2
        exit 1
    fi
fi

echo "Making .venv with $("$python" --version)."
"$python" -m venv .venv
