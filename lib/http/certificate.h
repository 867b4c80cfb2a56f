// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "base/time.h"

namespace socbridge::http {

// Dates in a certificate file.
struct CertificateDates {
  UnixMillis begins_ms = 0, ends_ms = 0;
};

// The first certificate of a PEM text. Errors: bad_input.
Result<CertificateDates> certificate_dates(std::string_view pem);

// Whether the private key belongs to the first certificate. Errors: bad_input, also for a key that
// cannot be read or needs a password.
Result<bool> is_key_of(std::string_view certificate_pem, std::string_view key_pem);

}  // namespace socbridge::http
