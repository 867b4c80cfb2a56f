// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>

#include <algorithm>

#include "base/text.h"
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

std::vector<std::string> files_in(const std::string& folder, std::string_view ending) {
  std::vector<std::string> out;
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return out;
  while (const dirent* entry = readdir(dir)) {
    const std::string name = entry->d_name;
    if (name.ends_with(ending)) out.push_back(folder + "/" + name);
  }
  closedir(dir);
  std::sort(out.begin(), out.end());
  return out;
}

// Maps one text if it is an alert; true if it was forwarded.
bool check(std::string_view text, const std::string& where) {
  INFO(where);
  const auto alert = wazuh::Alert::parse(text);
  if (!alert.ok()) return false;
  const Mapped m = map(*alert, {}, kNow, true);
  CHECK(m.forwarded == m.skip_reason.empty());
  const bool has_rule = alert->is_v5 || alert->root()["rule"].is_object();
  CHECK(m.forwarded == has_rule);
  if (!m.forwarded) return false;
  for (const auto version : {thehive::ApiVersion::v4, thehive::ApiVersion::v5}) {
    CHECK(broken_limit(thehive::create_body(m.alert, version), version) == "");
  }
  return true;
}

std::size_t check_lines(const std::string& file) {
  const std::string text = read_file(file);
  std::size_t forwarded = 0;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (!line.empty() && check(line, file + ":" + std::to_string(number))) ++forwarded;
  }
  return forwarded;
}

}  // namespace

TEST_CASE("fixtures: single alerts keep every limit") {
  struct Expected {
    const char* folder;
    std::size_t files, forwarded;
  };
  const std::string fixtures = SOCBRIDGE_FIXTURES;
  for (const Expected& e :
       {Expected{"", 19, 18}, Expected{"/indexed", 8, 8}, Expected{"/hostile", 32, 32}}) {
    const auto files = files_in(fixtures + e.folder, ".json");
    INFO(e.folder);
    CHECK(files.size() >= e.files);
    std::size_t forwarded = 0;
    for (const std::string& file : files) forwarded += check(read_file(file), file) ? 1U : 0U;
    CHECK(forwarded >= e.forwarded);
  }
  const auto others = files_in(fixtures + "/no-alert", ".alert");
  CHECK(others.size() >= 8);
  std::size_t forwarded = 0;
  for (const std::string& file : others) forwarded += check(read_file(file), file) ? 1U : 0U;
  CHECK(forwarded == 3);  // byte order mark, invalid UTF-8, control characters
}

TEST_CASE("fixtures: JSON Lines keep every limit") {
  const std::string fixtures = SOCBRIDGE_FIXTURES;
  CHECK(check_lines(fixtures + "/families.ndjson") == 166);
  CHECK(check_lines(fixtures + "/six-fields.ndjson") == 13);
  CHECK(check_lines(fixtures + "/findings.ndjson") == 16);
}
