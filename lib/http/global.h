#pragma once

namespace socbridge::http {

// Sets libcurl up once per process; safe from several threads. Call it before any easy handle is
// made. The TLS library is set up by the first call with `tls` true, as far as libcurl lets that be
// told apart. False: libcurl could not be set up.
bool ensure_global_init(bool tls);

}  // namespace socbridge::http
