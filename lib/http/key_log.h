// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::http {

// Removes SSLKEYLOGFILE from the environment. libcurl and GnuTLS write the secrets of each TLS
// connection to the file it names (libcurl-env(3)). A user who can set a variable of a service must
// not be able to read its traffic. Call it at the start of main, before threads are started.
void forget_key_log();

}  // namespace socbridge::http
