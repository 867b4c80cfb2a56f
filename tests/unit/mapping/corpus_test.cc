// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <dirent.h>

#include <algorithm>

#include "../support/skip.h"
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

TEST_CASE("own fixtures keep every limit") {
  const auto files = files_in(SOCBRIDGE_FIXTURES, ".json");
  REQUIRE(files.size() >= 15);
  std::size_t forwarded = 0;
  for (const std::string& file : files) forwarded += check(read_file(file), file) ? 1U : 0U;
  CHECK(forwarded >= files.size() - 1);
}

// The corpus is no part of the project; where it is not, there is nothing to do.
TEST_CASE("corpus keeps every limit", "[corpus]") {
  const std::string corpus = SOCBRIDGE_CORPUS;
  struct stat info {};
  if (stat(corpus.c_str(), &info) != 0) {
    SKIP_TEST("no corpus beside the source tree");
  }
  std::size_t forwarded = check_lines(corpus + "/required-minimum.ndjson");
  CHECK(forwarded > 0);
  forwarded += check_lines(corpus + "/wazuh-4.14-sample.ndjson");
  forwarded += check_lines(corpus + "/wazuh5/findings-v5-sample.ndjson");
  for (const char* folder : {"/real", "/hostile", "/hostile/not-json"}) {
    for (const std::string& file : files_in(corpus + folder, "")) {
      if (stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
        forwarded += check(read_file(file), file) ? 1U : 0U;
      }
    }
  }
  CHECK(forwarded > 100);
}
