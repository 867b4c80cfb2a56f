// SPDX-License-Identifier: Apache-2.0
#include "socctl/observable/type_option.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "observable/type_words.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {
namespace {

// Every TheHive has these types.
constexpr std::array<std::string_view, 13> kUsual = {
    "auto", "ip",       "domain",   "fqdn",       "url",      "hash", "mail",
    "file", "filename", "registry", "user-agent", "uri_path", "other"};

Result<std::vector<std::string>> types_of(thehive::Client& client, const Deadline& deadline) {
  constexpr const char* kAll =
      R"([{"_name":"listObservableType"},{"_name":"page","from":0,"to":1000}])";
  const auto document = client.query("socctl-observable-types", kAll, deadline);
  if (!document.ok()) return document.status();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    out.push_back(document->root().at(i)["name"].text());
  }
  return out;
}

Status no_such_type(const std::string& word, const std::vector<std::string>& types) {
  const std::vector<std::string_view> known(types.begin(), types.end());
  const std::string_view near = nearest(ascii_lower(word), known);
  std::string hint = "known are auto";
  for (const std::string_view one : known) hint += ", " + printable(one, 40);
  if (!near.empty()) hint = "did you mean " + printable(near, 40) + "?";
  return Status::error(ExitCode::usage,
                       "--type: TheHive has no data type \"" + printable(word, 40) + "\"", hint);
}

}  // namespace

Result<std::string> type_option(thehive::Client& client, const std::string& word,
                                const Deadline& deadline) {
  std::string plain = ascii_lower(trim(word));
  if (std::find(kUsual.begin(), kUsual.end(), plain) != kUsual.end()) return plain;
  const auto types = types_of(client, deadline);
  if (types.ok()) {
    for (const std::string& one : *types) {
      if (iequals(one, plain)) return one;
    }
  }
  const std::string_view meant = observable::type_of_word(plain);
  if (!meant.empty() && meant != observable::kNoObservable) return std::string(meant);
  if (types.ok() && !types->empty()) return no_such_type(word, *types);
  warn("--type: \"" + printable(word, 40) +
       "\" is not a standard data type, and TheHive does not list its types; used unchanged");
  return word;
}

}  // namespace socbridge::socctl
