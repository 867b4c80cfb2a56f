// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::wazuh {

// One element or attribute of a configuration file, as Wazuh's own parser stores it.
struct OsXmlNode {
  enum class Type { element, attribute, variable };  // variable: anything named `var`
  Type type = Type::element;
  std::string name;
  std::string content;     // the text after the last child; neither trimmed nor decoded
  std::size_t level = 0;   // depth; roots are 0, an attribute has the level of its element
  std::size_t line = 0;    // of the `>` or the blank after the name, from 1
  std::size_t offset = 0;  // of the first byte of the content in the file
};

// Why the file cannot be read. The texts contain no content but names that Wazuh knows.
struct OsXmlError {
  std::size_t line = 0;  // from 1
  std::string message;
  std::string hint;
};

// A file parsed by the rules of Wazuh 4.x (src/os_xml/os_xml.c of its repository), which differ
// from XML: several roots with any bytes between them; no declaration, CDATA or entities; `<!`
// begins a comment anywhere, which ends with `-->` or `!>`; `\<` is not a tag; a closing tag is
// compared byte by byte; names, values and texts have at most 20,479 bytes; at most 1,023 elements
// may be nested. Contents are wiped on destruction, because they may be keys. Reading is
// thread-safe, moving is not.
class OsXml {
 public:
  static OsXml parse(std::string_view text);
  OsXml(OsXml&&) noexcept = default;
  OsXml& operator=(OsXml&&) noexcept = default;
  ~OsXml();

  // Empty if all was read. Otherwise nodes() has those before the error, which Wazuh does not use.
  const std::optional<OsXmlError>& error() const { return error_; }
  const std::vector<OsXmlNode>& nodes() const { return nodes_; }
  // Line of the first comment that does not begin with `<!--` (a DOCTYPE, CDATA), or 0. The text
  // after it, up to the next `-->`, is hidden from Wazuh.
  std::size_t odd_comment_line() const { return odd_comment_line_; }

  // Indexes of elements in file order. A `var` is not a child; its content belongs to the children
  // of the preceding element.
  std::vector<std::size_t> roots() const;
  std::vector<std::size_t> children(std::size_t parent) const;
  bool has_attributes(std::size_t element) const;

 private:
  OsXml() = default;
  std::vector<OsXmlNode> nodes_;
  std::optional<OsXmlError> error_;
  std::size_t odd_comment_line_ = 0;
};

}  // namespace socbridge::wazuh
