// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::expectation {

// An observable as a test names it: `ip:203.0.113.9`, or the value alone.
struct WantedObservable {
  std::string type, data;  // type: empty if any
};

// What a test expects of an alert; what it does not name is not checked. A text with * or ? is a
// pattern, any other must be equal.
struct Expected {
  std::optional<bool> forwarded;
  std::optional<std::string> skipped;                      // why it is not forwarded
  std::vector<std::pair<std::string, std::string>> texts;  // title, type, severity, … and value
  std::vector<std::string> tags, no_tags, description;     // description: parts of it
  std::vector<std::pair<std::string, std::string>> custom_fields;  // name and JSON; null: none
  std::vector<WantedObservable> observables, no_observables;
};

struct TestCase {
  std::string name;
  std::string alert_file;  // as written; else
  std::string alert_json;  // the alert itself
  Expected expected;
};

// A file of tests, JSON with comments (docs/rules.md, "Tests"):
//   {"config": "w2thive.json", "tests": [{"name": "…", "alert": "ids.json", "expect": {…}}]}
struct TestFile {
  std::string config;  // as written; empty: none named
  std::vector<TestCase> tests;
};

// Each mistake, in the order of reading, at most config::kMostErrors; empty if there is none. They
// are usage, one line each: "origin:line:column: tests[0].expect: unknown key …". What no alert can
// have is one too: "severity": "hgh".
std::vector<Status> read_test_file(std::string_view text, const std::string& origin,
                                   TestFile& file);

}  // namespace socbridge::expectation
