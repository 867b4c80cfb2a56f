# SPDX-License-Identifier: Apache-2.0
"""TLS servers with certificates of every usual kind, created with the openssl command."""

import os
import ssl
import subprocess
import tempfile

import trustme

import servers

KEYS = {
    "RSA 2048": "rsa:2048",
    "RSA 4096": "rsa:4096",
    "RSA-PSS": "rsa-pss -pkeyopt rsa_keygen_bits:2048",
    "ECDSA P-256": "ec -pkeyopt ec_paramgen_curve:P-256",
    "ECDSA P-384": "ec -pkeyopt ec_paramgen_curve:P-384",
    "ECDSA P-521": "ec -pkeyopt ec_paramgen_curve:P-521",
    "Ed25519": "ed25519",
}

ENCRYPTED = {  # converts a plain key file into such a one
    "PKCS #8, AES": "pkcs8 -topk8 -v2 aes-256-cbc",
    "old PEM, AES": "rsa -aes256 -traditional",
    "old PEM, Triple DES": "rsa -des3 -traditional",
}


class Authority:
    """A root CA and one below it, which signs; `ca` is a file with the root, `folder` a hashed folder with it."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="socbridge-ca-")
        os.chmod(self.dir.name, 0o755)
        self.ca, self.folder = self.path("root.pem"), self.path("hashed")
        self._openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=root -keyout root.key -out root.pem")
        self._issue("sub", "rsa:2048", "basicConstraints=critical,CA:TRUE", "root")
        os.mkdir(self.folder)
        self._openssl("x509 -in root.pem -out hashed/root.pem")
        self._openssl("rehash hashed")

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def issue(self, name, kind="rsa:2048"):
        """Files of a certificate with its chain, and of its key."""
        if not os.path.exists(self.path(f"{name}.chain")):
            self._issue(name, kind, "subjectAltName=IP:127.0.0.1,DNS:localhost", "sub")
            with open(self.path(f"{name}.chain"), "w", encoding="ascii") as chain:
                for part in (name, "sub"):
                    with open(self.path(f"{part}.pem"), encoding="ascii") as file:
                        chain.write(file.read())
        return self.path(f"{name}.chain"), self.path(f"{name}.key")

    def encrypted(self, name, form, phrase):
        with open(self.path("phrase"), "w", encoding="ascii") as file:
            file.write(phrase)
        self._openssl(f"{ENCRYPTED[form]} -passout file:phrase -in {name}.key -out encrypted.key")
        return self.path("encrypted.key")

    def dh_parameters(self):
        self._openssl("genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem")
        return self.path("dh.pem")

    def _issue(self, name, kind, extension, signer):
        self._openssl(f"req -newkey {kind} -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr")
        with open(self.path(f"{name}.ext"), "w", encoding="ascii") as file:
            file.write(extension + "\n")
        self._openssl(f"x509 -req -in {name}.csr -CA {signer}.pem -CAkey {signer}.key -CAcreateserial -days 2"
                      f" -extfile {name}.ext -out {name}.pem")

    def _openssl(self, command):
        subprocess.run(["openssl", *command.split()], cwd=self.dir.name, capture_output=True, check=True)

    def close(self):
        self.dir.cleanup()


class TlsTheHive(servers.TheHive):
    """TheHive over TLS. `context` may be changed before the first request."""

    def __init__(self, certificate, key, ciphers="DEFAULT"):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers(ciphers)
        self.context.load_cert_chain(certificate, key)
        super().__init__()
        self.url = f"https://127.0.0.1:{self.port}"
        self.sessions = []  # version, cipher suite, client certificate

    def _talk(self, peer):
        try:
            peer = self.context.wrap_socket(peer, server_side=True)
            self.sessions.append((peer.version(), peer.cipher()[0], peer.getpeercert()))
            super()._talk(peer)
        except OSError:  # the client does not trust it, or has no certificate
            peer.close()


class OwnCaTheHive(TlsTheHive):
    """TheHive over TLS with a certificate of a private CA, in the file `ca`."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="socbridge-ca-")
        os.chmod(self.dir.name, 0o755)
        authority = trustme.CA()
        self.ca = os.path.join(self.dir.name, "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        pair = os.path.join(self.dir.name, "server.pem")
        authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(pair)
        super().__init__(pair, pair)

    def close(self):
        super().close()
        self.dir.cleanup()
