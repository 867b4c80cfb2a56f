// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// What type_of_word() says of a word that names no observable, such as MISP's `port`.
inline constexpr std::string_view kNoObservable = "-";

// The data type that a list, MISP, OTX, STIX or OpenCTI means by `word`, in any case: `ip-dst`,
// `IPv4`, `ipv4-addr` are ip, `FileHash-SHA256` is hash. A host or domain is "auto": what it is,
// its value decides. Empty if the word is not known.
std::string_view type_of_word(std::string_view word);

// The data type that `--type WORD` means where the types there are cannot be asked for: a known
// word's, but a word that is merely one of many `other` ones, or unknown, may be the name of a
// custom type and comes back as it is.
std::string type_of_option(std::string_view word);

}  // namespace socbridge::observable
