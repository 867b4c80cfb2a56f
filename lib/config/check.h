// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "config/settings.h"

namespace socbridge::config {

// Checks the value against the key's kind, range and choices. The error's message begins with the
// key's name, without origin and position; for a secret it names only the type.
Status check(const Key& key, json::Value value);

// JSON text for the value of a flag or variable, to be passed to check(). Empty if the text does
// not have that kind. Not for secrets.
std::optional<std::string> json_from_text(Kind kind, std::string_view text);

// The values of a kind, for error messages: "a whole number".
const char* kind_phrase(Kind kind);

// Error for a name that is not in the schema. The hint names the nearest known key; else it lists
// all keys, or for the long schema of w2thive.json the command that lists them.
Status unknown_key(const Schema& schema, std::string_view name);

// Command for hints: prints a server's public key hash as is_pin_list() requires it.
inline constexpr const char* kHowToPin =
    "openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst "
    "-sha256 -binary | base64";

// Whether each public key, separated by `;`, is `sha256//` and a base64 hash.
bool is_pin_list(std::string_view text);

}  // namespace socbridge::config
