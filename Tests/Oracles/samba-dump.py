#!/usr/bin/env python3
"""Makes an Active Directory domain with Samba and prints what ldbsearch dumps of it.

Usage: samba-dump.py ROOT FOLDER
ROOT holds the unpacked packages (`make oracles`), FOLDER is empty and takes the domain. Nothing is started.
"""
import logging
import os
import subprocess
import sys

root, folder = sys.argv[1], sys.argv[2]
libraries = os.path.join(root, "usr/lib/x86_64-linux-gnu")
environment = {
    "LD_LIBRARY_PATH": f"{libraries}:{libraries}/samba",
    "LDB_MODULES_PATH": f"{libraries}/samba/ldb",
    "PYTHONPATH": os.path.join(root, "usr/lib/python3/dist-packages"),
}
if os.environ.get("LDB_MODULES_PATH") != environment["LDB_MODULES_PATH"]:
    # The loader reads its paths once, at the start of a program.
    os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **environment})

import samba.param  # noqa: E402

# Samba knows its folders from its own build; these ones lie elsewhere.
samba.param.setup_dir = lambda: os.path.join(root, "usr/share/samba/setup")
samba.param.data_dir = lambda: os.path.join(root, "usr/share")

import samba.provision  # noqa: E402
from samba.auth import system_session  # noqa: E402
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2  # noqa: E402

for module in list(sys.modules.values()):
    if module is not None and hasattr(module, "setup_dir"):
        module.setup_dir = samba.param.setup_dir

logger = logging.getLogger("provision")
logger.setLevel(logging.CRITICAL)
made = samba.provision.provision(
    logger, system_session(), smbconf=os.path.join(folder, "etc/smb.conf"), targetdir=folder, realm="LAB.EXAMPLE",
    domain="LAB", hostname="dc1", hostip="127.0.0.1", serverrole="active directory domain controller",
    adminpass="Long-Enough-1", dns_backend="NONE", use_ntvfs=True, dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2)

special = str.maketrans({letter: "\\" + letter for letter in ',+=\\'})
names = ["Jörg Äußerst", "Zoë Ångström", "Łukasz Żółć", "山田 太郎", "comma, Anna", "plus+equals=Bo", "back\\slash"]
for number, name in enumerate(names):
    made.samdb.add({
        "dn": f"CN={name.translate(special)},CN=Users,DC=lab,DC=example",
        "objectClass": "user", "sAMAccountName": f"user{number}", "displayName": name,
        "description": [f"{name} works here. " * 12], "jpegPhoto": [bytes(range(256)) * 3],
    })
made.samdb.newgroup("Everybody here", description=" begins with a space")
made.samdb.add_remove_group_members("Everybody here", [f"user{number}" for number in range(len(names))])
sys.stdout.flush()
sys.exit(subprocess.run([
    os.path.join(root, "usr/bin/ldbsearch"), "-H", os.path.join(folder, "private/sam.ldb"), "--controls=domain_scope:1",
    "(objectClass=*)",
]).returncode)
