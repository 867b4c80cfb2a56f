// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "base/time.h"
#include "thehive/client.h"

namespace socbridge::socctl {

// The data type that `--type WORD` means in TheHive: one of its own, custom ones too, in any case;
// else what lists mean by the word (observable::type_of_word), such as `IPv4` or `md5`. `auto`:
// what the value says. TheHive is asked only for words that are not the name of a usual type. If it
// does not answer, an unknown word is taken as it is, with a warning. Error (usage):
// TheHive has no such type, with the nearest or those there are.
Result<std::string> type_option(thehive::Client& client, const std::string& word,
                                const Deadline& deadline);

}  // namespace socbridge::socctl
