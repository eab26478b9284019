"""Settings of the Superset that ``docs/bi/superset.sh`` starts: on this machine only, nothing from outside.

Superset reads this file as ``SUPERSET_CONFIG_PATH``; ``SUPERSET_HOME`` is the folder with its key and its own
SQLite file (users, datasets, charts).
"""

import os
import secrets
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = (HOME / "secret_key").read_text(encoding="ascii").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
# Both sign tokens of features that are off; they come with a well-known default, which must not stay.
GUEST_TOKEN_JWT_SECRET = secrets.token_hex(32)
GLOBAL_ASYNC_QUERIES_JWT_SECRET = secrets.token_hex(32)

# The limit on log-in attempts is counted in memory, which is right for one worker.
RATELIMIT_STORAGE_URI = "memory://"

# As Superset's own policy, but without its outside hosts: the telemetry pixel, map tiles, fonts.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
