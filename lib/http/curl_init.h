#pragma once

namespace socbridge::http {

// Sets libcurl up once per process; safe from several threads. Call it before any easy handle is
// made. The TLS library is set up by the first call with `tls` true, as far as libcurl lets that be
// told apart. False: libcurl could not be set up.
bool ensure_global_init(bool tls);

// A libcurl easy handle (CURL*), null if memory is out. With `resolves_names` false it takes
// numeric hosts only and reads no resolver configuration, which is a tenth of a plain delivery's
// cost.
void* new_easy_handle(bool resolves_names);

}  // namespace socbridge::http
