// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "config/settings.h"

namespace socbridge::config {

// Whether the value is what the key's kind, range and choices ask for. The error's message begins
// with the key's name, without origin and position; of a secret it says only the type.
Status check(const Key& key, json::Value value);

// JSON text of what a flag or variable says, ready for check(). Empty optional if the kind cannot
// be read from that text. Not for secrets.
std::optional<std::string> json_from_text(Kind kind, std::string_view text);

// What a key of the kind holds, for error messages: "a whole number".
const char* kind_phrase(Kind kind);

// Error for a name that is not in the schema, with the nearest known one as hint; without one all
// that are known, or of a long schema, which is that of w2thive.json, the command that lists them.
Status unknown_key(const Schema& schema, std::string_view name);

// Prints the public key of a server as is_pin_list() wants its hash; for hints.
inline constexpr const char* kHowToPin =
    "openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst "
    "-sha256 -binary | base64";

// Whether each of the public keys, with `;` between them, is `sha256//` and a hash in base64.
bool is_pin_list(std::string_view text);

}  // namespace socbridge::config
