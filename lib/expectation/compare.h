// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "expectation/test_file.h"
#include "mapping/mapping.h"

namespace socbridge::expectation {

// A value that differs from the expected one. Printable.
struct Difference {
  std::string field;
  std::string wanted, got;
  std::string rule;  // the rule that set `got`, may be empty
};

// `mapped` must have explanations. Empty: everything is as expected.
std::vector<Difference> compare(const Expected& expected, const mapping::Mapped& mapped);

// Result of one test.
struct TestResult {
  std::string name;
  std::vector<Difference> differences;
  std::string error;  // not empty: the alert could not be read
  bool passed() const { return differences.empty() && error.empty(); }
};

// As JUnit XML, one suite named after the file.
std::string junit(const std::string& file, const std::vector<TestResult>& results);

}  // namespace socbridge::expectation
