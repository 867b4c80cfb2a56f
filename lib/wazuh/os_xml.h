// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::wazuh {

// One element or attribute of a configuration file, as Wazuh's own reader keeps it.
struct OsXmlNode {
  enum class Type { element, attribute, variable };  // variable: anything named `var`
  Type type = Type::element;
  std::string name;
  std::string content;     // the text behind the last child; neither trimmed nor decoded
  std::size_t level = 0;   // depth; roots are 0, an attribute has the level of its element
  std::size_t line = 0;    // of the `>` or the blank behind the name, from 1
  std::size_t offset = 0;  // of the first byte of the content in the file
};

// Why the file cannot be read. The texts hold no content of the file but names Wazuh knows.
struct OsXmlError {
  std::size_t line = 0;  // from 1
  std::string message;
  std::string hint;
};

// A file read by the rules of Wazuh 4.x (src/os_xml/os_xml.c of its repository), which are not
// XML's: several roots, any bytes between them, no declaration, no CDATA, no entities; `<!` begins
// a comment wherever it stands, which ends with `-->` or `!>`; `\<` is no tag; a closing tag is
// compared byte by byte; names, values and texts have at most 20,479 bytes, 1,023 elements may be
// nested. Contents are wiped on destruction, since they may be keys. Not thread-safe while it is
// being moved; reading is.
class OsXml {
 public:
  static OsXml parse(std::string_view text);
  OsXml(OsXml&&) noexcept = default;
  OsXml& operator=(OsXml&&) noexcept = default;
  ~OsXml();

  // Empty if all was read. Else nodes() holds what came before, which Wazuh does not use.
  const std::optional<OsXmlError>& error() const { return error_; }
  const std::vector<OsXmlNode>& nodes() const { return nodes_; }
  // Line of the first comment that does not begin with `<!--` (a DOCTYPE, CDATA), or 0: what stands
  // behind it up to the next `-->` is hidden from Wazuh.
  std::size_t odd_comment_line() const { return odd_comment_line_; }

  // Indexes of elements in file order. A `var` is no child, but what is in it counts as a child of
  // the element before.
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
