// SPDX-License-Identifier: Apache-2.0
#include "wazuh/os_xml.h"

#include <catch2/catch.hpp>

using namespace socbridge::wazuh;

namespace {

// `name=content` of each node, attributes with `@`, one level per dot.
std::string shape(std::string_view text) {
  const OsXml xml = OsXml::parse(text);
  if (xml.error()) return std::to_string(xml.error()->line) + ": " + xml.error()->message;
  std::string out;
  for (const OsXmlNode& node : xml.nodes()) {
    if (!out.empty()) out += ' ';
    out += std::string(node.level, '.');
    if (node.type == OsXmlNode::Type::attribute) out += '@';
    if (node.type == OsXmlNode::Type::variable) out += '$';
    out += node.name + "=" + node.content;
  }
  return out;
}

std::size_t error_line(std::string_view text) {
  const OsXml xml = OsXml::parse(text);
  return xml.error() ? xml.error()->line : 0;
}

}  // namespace

TEST_CASE("os_xml: elements, attributes, several roots") {
  CHECK(shape("<a><b>x</b><c/></a><d/>") == "a= .b=x .c= d=");
  CHECK(shape("<a x=\"1\" y='2'><b z = '3'/></a>") != "");
  CHECK(shape("<a x=\"1\" y='2'>t</a>") == "a=t @x=1 @y=2");
  CHECK(shape("<a x= '1'>t</a>") == "a=t @x=1");
  CHECK(shape("<a x='1'/>") == "a= @x=1");
  CHECK(shape("<a\n>t</a>") == "a=t");
  CHECK(shape("\xEF\xBB\xBF hello <a>t</a> ]]> bye") == "a=t");
  CHECK(shape("") == "");
}

TEST_CASE("os_xml: the text after the last child is used, neither trimmed nor decoded") {
  CHECK(shape("<a>one<b>x</b>two</a>") == "a=two .b=x");
  CHECK(shape("<a>one<b>x</b></a>") == "a= .b=x");
  CHECK(shape("<a> x &amp; ]]> y\n</a>") == "a= x &amp; ]]> y\n");
  CHECK(shape("<a>x > y</a>") == "a=x > y");
}

TEST_CASE("os_xml: comments stand anywhere and end with --> or !>") {
  CHECK(shape("<!-- <x> --><a>t<!-- no -->u</a>") == "a=tu");
  CHECK(shape("<! old !><a>t</a>") == "a=t");
  CHECK(shape("<!-- a <!-- b --><a>t</a>") == "a=t");
  CHECK(shape("<!----><a>t</a>") == "a=t");
  CHECK(shape("<!--- x ---><a>t</a>") == "a=t");
  CHECK(shape("<a>t</<!-- x -->a>") == "a=t");
  CHECK(shape("<![CDATA[x]]><!-- y --><a>t</a>") == "a=t");
  CHECK(error_line("<a>\n<!-- x\n</a>") == 2);
  CHECK(error_line("<a>\n<![CDATA[x]]>\n</a>") == 2);
  CHECK(OsXml::parse("\n<!DOCTYPE a>\n<!-- x --><a/>").odd_comment_line() == 2);
  CHECK(OsXml::parse("<!-- x --><a/>").odd_comment_line() == 0);
}

TEST_CASE("os_xml: a backslash in front of < makes it text") {
  CHECK(shape("<a>x \\< y</a>") == "a=x \\< y");
  CHECK(shape("<a>x \\\\</a>") == "a=x \\\\");
  CHECK(shape("\\<a><b>t</b>") == "b=t");
}

TEST_CASE("os_xml: unreadable files, with the line") {
  CHECK(error_line("<a>\n<b>\n</a>\n") == 3);
  CHECK(error_line("<a>\n</a >\n") == 2);
  CHECK(error_line("<a>\n<b>x</b>\n") == 1);
  CHECK(error_line("<a/>\n</a>\n") == 2);
  CHECK(error_line("<a>\n</A>\n") == 2);
  CHECK(error_line("<?xml version=\"1.0\"?>\n<a/>") == 1);
  CHECK(error_line("<?xml version=\"1.0\" ?>\n<a/>") == 1);
  CHECK(error_line("<?xml?>\n<a/>") == 1);
  CHECK(error_line("<a x>t</a>") == 1);
  CHECK(error_line("<a x=1>t</a>") == 1);
  CHECK(error_line("<a x='1' x='2'>t</a>") == 1);
  CHECK(error_line("<a x='1'y='2'>t</a>") == 1);
  CHECK(error_line("<a x='1>2'>t</a>") == 1);
  CHECK(error_line("<a\n") == 2);
  CHECK(error_line("<a x='") == 1);
}

TEST_CASE("os_xml: a < meant as text is reported at its position") {
  const OsXml xml =
      OsXml::parse("<integration>\n<options>{\"x\":\n\"a < b\"}</options>\n</integration>");
  REQUIRE(xml.error());
  CHECK(xml.error()->line == 3);
  CHECK(xml.error()->message == "a < inside <options> begins an element for Wazuh");
}

TEST_CASE("os_xml: no error repeats a value") {
  for (const char* text : {"<api_key>K<SECRET</api_key>", "<api_key>K<SECRET></api_key>",
                           "<a SECRET='1>'/>", "<SECRET>", "<a></SECRET>"}) {
    const OsXml xml = OsXml::parse(text);
    REQUIRE(xml.error());
    CHECK((xml.error()->message + xml.error()->hint).find("SECRET") == std::string::npos);
  }
}

TEST_CASE("os_xml: limits") {
  const std::string most(20479, 'x');
  CHECK_FALSE(OsXml::parse("<a>" + most + "</a>").error());
  CHECK(OsXml::parse("<a>" + most + "x</a>").error());
  CHECK(OsXml::parse("<a b='" + most + "xx'>t</a>").error());
  std::string open;
  std::string close;
  for (int i = 0; i < 1024; ++i) {
    open += "<a>";
    close += "</a>";
  }
  CHECK_FALSE(OsXml::parse(open + close).error());
  CHECK(OsXml::parse("<a>" + open + close + "</a>").error());
}

TEST_CASE("os_xml: bytes that end it for Wazuh") {
  CHECK(shape(std::string_view("<a>x\0y</a>", 10)) == "a=x");
  CHECK(shape("<a>t</a><\xFF<b>") == "1: the element is not closed");
  CHECK(shape("<a>\xFFt</a>") == "a=\xFFt");
}

TEST_CASE("os_xml: children, and a var that is none") {
  const OsXml xml = OsXml::parse("<a x='1'><b/><VAR>v</VAR><c><d/></c></a><e/>");
  REQUIRE_FALSE(xml.error());
  const auto roots = xml.roots();
  REQUIRE(roots.size() == 2);
  CHECK(xml.has_attributes(roots[0]));
  CHECK_FALSE(xml.has_attributes(roots[1]));
  std::string names;
  for (const std::size_t child : xml.children(roots[0])) names += xml.nodes()[child].name;
  CHECK(names == "bc");
  CHECK(xml.children(roots[1]).empty());
}
