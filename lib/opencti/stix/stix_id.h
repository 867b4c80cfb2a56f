// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::opencti {

// The deterministic ids of OpenCTI (docs/protocols/opencti.md, "STIX ids"): TYPE--UUIDv5 of the
// canonical JSON (RFC 8785) of the identifying properties. They find objects that `eq` filters
// cannot, since filters ignore values over 512 characters.

// UUIDv5 of `name` in OpenCTI's namespace, such as "12592121-be4c-5a93-a813-5a5af16e50db".
std::string uuid5(std::string_view name);

// For an observable with one value: `property` is `value`, `name`, `account_login`, …
std::string observable_id(std::string_view stix_type, std::string_view property,
                          std::string_view value);
// For a file by one hash; the platform uses the first available of MD5, SHA-1, SHA-256, SHA-512.
std::string file_id(std::string_view algorithm, std::string_view hash);
// For an indicator by its pattern in OpenCTI's own spelling.
std::string indicator_id(std::string_view pattern);
// For a malware, tool, campaign or intrusion set; the name is trimmed and lowercased.
std::string named_id(std::string_view stix_type, std::string_view name);

}  // namespace socbridge::opencti
