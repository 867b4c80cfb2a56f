// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "base/text.h"
#include "expectation/compare.h"

namespace socbridge::expectation {
namespace {

// Only characters that XML allows, and none that misleads a terminal.
std::string safe(std::string_view text) { return printable(text, SIZE_MAX); }

void write_result(pugi::xml_node suite, const TestResult& result) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = suite.attribute("name").value();
  test.append_attribute("name") = safe(result.name).c_str();
  if (result.passed()) return;
  pugi::xml_node wrong = test.append_child(result.error.empty() ? "failure" : "error");
  std::string message = safe(result.error);
  std::string text = message;
  for (const Difference& one : result.differences) {
    message += (message.empty() ? "" : ", ") + safe(one.field);
    text += (text.empty() ? "" : "\n") +
            safe(one.field + ": wanted " + one.wanted + ", got " + one.got);
    if (!one.rule.empty()) text += safe(" (" + one.rule + ")");
  }
  wrong.append_attribute("message") = message.c_str();
  wrong.append_child(pugi::node_pcdata).set_value(text.c_str());
}

}  // namespace

std::string junit(const std::string& file, const std::vector<TestResult>& results) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  const auto count = [&](auto wanted) {
    return static_cast<int>(std::count_if(results.begin(), results.end(), wanted));
  };
  pugi::xml_node root = document.append_child("testsuites");
  pugi::xml_node suite = root.append_child("testsuite");
  suite.append_attribute("name") = safe(file).c_str();
  for (pugi::xml_node node : {root, suite}) {
    node.append_attribute("tests") = static_cast<int>(results.size());
    node.append_attribute("failures") =
        count([](const TestResult& one) { return !one.passed() && one.error.empty(); });
    node.append_attribute("errors") =
        count([](const TestResult& one) { return !one.error.empty(); });
  }
  for (const TestResult& result : results) write_result(suite, result);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace socbridge::expectation
