// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "base/time.h"
#include "thehive/client.h"

namespace socbridge::socctl {

// The data type for `--type WORD` in TheHive: one of its own types, including custom ones, in any
// case; else the meaning of the word in lists (observable::type_of_word), such as `IPv4` or `md5`.
// `auto`: detected from the value. TheHive is queried only if the word is not a standard type. If
// it does not answer, an unknown word is used unchanged, with a warning. Error (usage): TheHive has
// no such type, with the nearest one or a list.
Result<std::string> type_option(thehive::Client& client, const std::string& word,
                                const Deadline& deadline);

}  // namespace socbridge::socctl
