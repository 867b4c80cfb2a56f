// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// The result of type_of_word() for a word that is not an observable type, such as MISP's `port`.
inline constexpr std::string_view kNoObservable = "-";

// The data type for a list's, MISP's, OTX's, STIX's or OpenCTI's `word`, in any case: `ip-dst`,
// `IPv4`, `ipv4-addr` are ip, `FileHash-SHA256` is hash. A host or domain is "auto": its value
// decides the type. Empty if the word is unknown.
std::string_view type_of_word(std::string_view word);

// The data type for `--type WORD` where the server's types cannot be queried: that of a known word.
// A word for `other`, or an unknown one, may be the name of a custom type and is returned
// unchanged.
std::string type_of_option(std::string_view word);

}  // namespace socbridge::observable
