"""Every setting with its default; `COGOV_<NAME>` overrides it, `COGOV_<NAME>_FILE` names a file with a secret."""

# Where the database, pictures, jobs and published checkpoints lie.
DATA_DIR = "var"

# The database; empty means SQLite in DATA_DIR. PostgreSQL: postgresql://user@host/name
DATABASE_URL = ""

# Signs cookies and forms; empty means one kept in DATA_DIR (made on the first start).
SECRET_KEY = ""

# Where `cogov serve` listens.
HOST = "127.0.0.1"
PORT = 8000

# Threads of the one web process. Each open page that is live holds one, up to three quarters of them (none below 5);
# pages beyond that are answered as ever, without news. 500 watchers in one process: 700.
THREADS = 256

# Largest request in bytes: a few photographs from a phone.
MAX_CONTENT_LENGTH = 24 * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024

# How long a sign-in lasts on a device, in days.
SIGN_IN_DAYS = 30

# How many days a person who closes their account may think again; the law asks for it within fifteen working days.
CLOSING_DAYS = 7

# How many codes may be asked for from one network address in an hour and in a day, for whichever contacts, and how many
# codes of second factors may be tried from it; 0: no limit. Many households behind one address need more.
ADDRESS_CODES_AN_HOUR = 100
ADDRESS_CODES_A_DAY = 500

# The language shown where neither the person nor the browser asks for another.
LANGUAGE = "zh_Hans_CN"

# The zone in which dates and times are shown.
TIMEZONE = "Asia/Shanghai"

# Send cookies over TLS only (set to true behind TLS).
SECURE_COOKIES = False

# How many proxies stand in front and may be believed about address and protocol (0: none).
PROXIES = 0

# Do the background work inside the serving process; false where `cogov worker` runs beside several of them.
WORKER = True

# Who sends one-time codes: "outbox" appends them to DATA_DIR/outbox.jsonl; "gateway" sends them by SMS and by mail.
CODE_SENDER = "outbox"

# The gateway for text messages, an address of your own that turns each into what your provider wants, and the secret
# under which requests to it are signed (COGOV_SMS_SECRET_FILE names a file with it).
SMS_URL = ""
SMS_SECRET = ""

# The address that QR codes and printed pages name, e.g. https://gongzhi.example; empty means the request's own.
PUBLIC_URL = ""

# The mail server that takes notices; empty: each is put as a file into DATA_DIR/mail, for trying.
MAIL_SERVER = ""
MAIL_PORT = 587

# "starttls", "ssl" or "none" (only for a server on the same machine).
MAIL_TLS = "starttls"

# Who signs in there; the password comes from COGOV_MAIL_PASSWORD or from the file named in COGOV_MAIL_PASSWORD_FILE.
MAIL_USER = ""
MAIL_PASSWORD = ""

# The sender that receivers see, e.g. 共治 <notices@gongzhi.example>.
MAIL_FROM = "共治 <notices@localhost>"

# Redis, where several server processes nudge each other so that live pages move at once; empty: each looks by itself.
REDIS_URL = ""

# Let robots and gateways on this very machine be called, over plain http too: only for trying things out.
CALL_LOOPBACK = False

# Where figures for Prometheus are served; 0: nowhere. The port is for whoever watches the machine, not for the world.
METRICS_HOST = "127.0.0.1"
METRICS_PORT = 0

# Refuse to start with settings that are only good for trying: no secret of one's own, cookies without TLS, no address.
PRODUCTION = False

# How processes log: "json" (a line of JSON each), "console" (for reading along, with whole tracebacks); empty: JSON in
# production, console otherwise. The level: DEBUG, INFO, WARNING or ERROR. Log the addresses people come from as well.
LOG_FORMAT = ""
LOG_LEVEL = "INFO"
LOG_ADDRESSES = False

# Go past what psycopg and Python keep to themselves, where that is quicker (docs/adr/0027, 0028); false to see whether
# a fault comes from there. Asked before all else, so only the environment changes it.
SHORT_WAYS = True
