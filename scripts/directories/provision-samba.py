#!/usr/bin/python3
"""Provisions an Active Directory domain for the tests: provision-samba.py FOLDER REALM PASSWORD.

Calls Samba's own provisioning without file ACLs, which is why it needs neither root nor samba-vfs-modules (samba-tool
always sets NT ACLs on sysvol). Run it with the system's python3, the one Samba's module is installed for.
"""

import logging
import os
import sys

from samba.auth import system_session
from samba.param import LoadParm
from samba.provision import provision


def main() -> None:
    folder, realm, password = os.path.realpath(sys.argv[1]), sys.argv[2], sys.argv[3]
    os.makedirs(os.path.join(folder, "etc"), exist_ok=True)
    empty = os.path.join(folder, "empty.conf")
    open(empty, "w", encoding="utf-8").close()
    parameters = LoadParm()
    parameters.load(empty)
    logger = logging.getLogger("provision")
    logger.addHandler(logging.StreamHandler(sys.stderr))
    logger.setLevel(logging.WARNING)
    provision(
        logger,
        system_session(),
        lp=parameters,
        smbconf=os.path.join(folder, "etc", "smb.conf"),
        targetdir=folder,
        realm=realm,
        domain=realm.split(".")[0],
        hostname="dc1",
        hostip="127.0.0.1",
        adminpass=password,
        serverrole="active directory domain controller",
        dns_backend="NONE",
        dom_for_fun_level=4,
        skip_sysvolacl=True,
        useeadb=False,
        backend_store="tdb",
    )


main()
