// SPDX-License-Identifier: Apache-2.0
#include "wazuh/os_xml.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kMaxBytes = 20480;
constexpr std::size_t kMaxDepth = 1024;
constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);
constexpr const char* kNoDeclaration = "Wazuh does not read XML declarations";
constexpr const char* kDropDeclaration = "remove <?xml ...?>";
constexpr char kEndsInput = '\xFF';  // when pushed back, Wazuh reads it as the end of the file

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Names that may be shown: a `<` inside a key makes the rest of the key a name.
std::string shown(std::string_view name) {
  static constexpr std::array kKnown = {
      "ossec_config", "agent_config", "integration",    "global",  "alerts",  "name",
      "hook_url",     "api_key",      "level",          "rule_id", "group",   "event_location",
      "alert_format", "max_log",      "options",        "timeout", "retries", "jsonout_output",
      "remote",       "ruleset",      "log_alert_level"};
  const bool known = std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
  return known ? "<" + std::string(name) + ">" : "the element";
}

std::string until_nul(const std::string& text) { return text.substr(0, text.find('\0')); }

// The part of one element read so far.
struct Frame {
  enum class Place { outside, name, content, closing };
  Place place = Place::outside;
  std::string name, content, closing;
  bool escaped = false;  // after a backslash
  std::size_t node = kNoNode;

  std::string* buffer() {
    switch (place) {
      case Place::outside: return nullptr;
      case Place::name: return &name;
      case Place::content: return &content;
      case Place::closing: return &closing;
    }
    return nullptr;
  }
  void note(char c) {
    if (c == '\\') {
      escaped = !escaped;
    } else if (c != '<') {
      escaped = false;
    }
  }
};

class Reader {
 public:
  Reader(std::string_view text, std::vector<OsXmlNode>& nodes) : text_(text), nodes_(nodes) {}

  std::optional<OsXmlError> read() {
    read_element(0);
    return std::move(error_);
  }
  std::size_t odd_comment_line() const { return odd_comment_line_; }

 private:
  enum class Step { next, done, failed };
  enum class Comment { none, skipped, open };
  enum class Tag { open, closed, failed };

  bool at_end() const { return at_ >= text_.size(); }
  char take() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  Step fail(std::size_t line, std::string message, std::string hint = {}) {
    if (!error_) error_ = OsXmlError{line, std::move(message), std::move(hint)};
    return Step::failed;
  }

  Step read_element(std::size_t level) {
    if (level >= kMaxDepth) return fail(line_, "more than 1023 nested elements");
    Frame frame;
    while (!at_end()) {
      const Step step = one(frame, level);
      if (step == Step::failed || (step == Step::done && level > 0)) return step;
    }
    if (frame.place == Frame::Place::outside) return Step::done;
    const std::size_t line = frame.node == kNoNode ? line_ : nodes_[frame.node].line;
    if (frame.name.starts_with('?')) return fail(line, kNoDeclaration, kDropDeclaration);
    return fail(line, shown(frame.name) + " is not closed", "add the closing tag");
  }

  Step one(Frame& frame, std::size_t level) {
    using Place = Frame::Place;
    const char c = take();
    frame.note(c);
    if (const std::string* buffer = frame.buffer(); buffer && buffer->size() >= kMaxBytes) {
      return fail(line_, "a name or text of more than 20479 bytes", "shorten it");
    }
    if (c == '<') {
      const Comment comment = skip_comment();
      if (comment == Comment::open) return Step::failed;
      if (comment == Comment::skipped) return Step::next;
    }
    if (frame.place == Place::outside && !frame.escaped) {
      if (c == '<') return begin(frame);
    } else if (frame.place == Place::name && (c == '>' || is_space(c))) {
      return named(frame, c, level);
    } else if (frame.place == Place::closing && c == '>') {
      return closed(frame);
    } else if (frame.place == Place::content && c == '<' && !frame.escaped) {
      return inner_tag(frame, level);
    } else {
      if (std::string* buffer = frame.buffer()) buffer->push_back(c);
      if (c == '<') frame.escaped = false;
    }
    return Step::next;
  }

  Step begin(Frame& frame) {
    if (!at_end() && text_[at_] == '/') {
      return fail(line_, "a closing tag without an opening one", "remove it");
    }
    if (!at_end() && text_[at_] == '?') declaration_ = line_;
    frame.place = Frame::Place::name;
    return Step::next;
  }

  // `<` inside an element: its closing tag or a child.
  Step inner_tag(Frame& frame, std::size_t level) {
    if (!at_end() && text_[at_] == '/') {
      ++at_;
      frame.place = Frame::Place::closing;
      return Step::next;
    }
    --at_;
    const std::size_t line = line_;
    if (read_element(level + 1) == Step::failed) {
      explain_lone_bracket(frame, line);
      return Step::failed;
    }
    frame.content.clear();
    return Step::next;
  }

  // An apparently unclosed element inside a value is most often a literal `<`.
  void explain_lone_bracket(const Frame& frame, std::size_t line) {
    static constexpr std::array kValues = {"name",    "hook_url", "api_key", "event_location",
                                           "options", "group",    "rule_id"};
    if (explained_ || std::find(kValues.begin(), kValues.end(), frame.name) == kValues.end())
      return;
    explained_ = true;
    error_ = OsXmlError{line, "a < inside " + shown(frame.name) + " begins an element for Wazuh",
                        "remove it; in JSON write \\u003c"};
  }

  // After the name: attributes, then content unless the element is closed at once.
  Step named(Frame& frame, char c, std::size_t level) {
    bool closed_at_once = !frame.name.empty() && frame.name.back() == '/';
    if (closed_at_once) frame.name.pop_back();
    frame.name = until_nul(frame.name);
    frame.node = add(OsXmlNode::Type::element, frame.name, level);
    if (is_space(c)) {
      const Tag tag = read_attributes(level);
      if (tag == Tag::failed) return Step::failed;
      closed_at_once = closed_at_once || tag == Tag::closed;
    }
    nodes_[frame.node].offset = at_;
    if (!closed_at_once) {
      frame.place = Frame::Place::content;
      return Step::next;
    }
    reset(frame);
    return Step::done;
  }

  Step closed(Frame& frame) {
    if (until_nul(frame.closing) != frame.name) {
      return fail(line_,
                  "a closing tag while " + shown(frame.name) + " of line " +
                      std::to_string(nodes_[frame.node].line) + " is still open",
                  "close the elements in the opposite order, without blanks in the tag");
    }
    nodes_[frame.node].content = until_nul(frame.content);
    secure_wipe(frame.content.data(), frame.content.size());
    reset(frame);
    return Step::done;
  }

  static void reset(Frame& frame) {
    const bool escaped = frame.escaped;
    frame = Frame{};
    frame.escaped = escaped;
  }

  // Called after a `<`.
  Comment skip_comment() {
    if (at_end()) return Comment::none;
    if (text_[at_] == kEndsInput) text_ = text_.substr(0, at_);
    if (at_end() || text_[at_] != '!') return Comment::none;
    const std::size_t line = line_;
    const bool cdata = text_.substr(at_).starts_with("![CDATA[");
    if (odd_comment_line_ == 0 && !text_.substr(at_).starts_with("!--")) odd_comment_line_ = line;
    ++at_;
    while (!at_end()) {
      const char c = take();
      const std::string_view rest = text_.substr(at_);
      if ((c == '!' || c == '-') && rest.starts_with(kEndsInput)) break;
      if (c == '-' && rest.starts_with("-\xFF")) break;
      if ((c == '!' && rest.starts_with('>')) || (c == '-' && rest.starts_with("->"))) {
        at_ += c == '!' ? 1 : 2;
        return Comment::skipped;
      }
    }
    explained_ = true;
    if (cdata) {
      fail(line, "Wazuh does not read CDATA: it begins a comment, which is not closed",
           "write the text without <![CDATA[ and ]]>");
    } else {
      fail(line, "a comment that begins here is not closed", "end it with -->");
    }
    return Comment::open;
  }

  Tag bad_attribute(const char* what) {
    if (declaration_ == line_) {
      fail(line_, kNoDeclaration, kDropDeclaration);
      explained_ = true;
    } else {
      fail(line_, std::string("an attribute ") + what, "write name=\"value\"");
    }
    return Tag::failed;
  }

  Tag read_attributes(std::size_t level) {
    for (;;) {
      std::string name;
      Tag tag = Tag::open;
      if (read_attribute_name(name, tag)) return tag;
      if (is_repeated(name, level)) return bad_attribute("that occurs twice");
      std::string value;
      if (!read_value(value)) return Tag::failed;
      const std::size_t node = add(OsXmlNode::Type::attribute, until_nul(name), level);
      nodes_[node].content = until_nul(value);
      if (at_end()) return bad_attribute("that is not closed");
      const char c = take();
      if (c == '>') return Tag::open;
      if (c == '/') return Tag::closed;
      if (!is_space(c)) return bad_attribute("with text after its value");
    }
  }

  // True if the tag ends here; `tag` then says how.
  bool read_attribute_name(std::string& name, Tag& tag) {
    while (!at_end()) {
      const char c = take();
      if (name.size() >= kMaxBytes) break;
      if (c == '=') return false;
      if (c != '>' && c != '/' && !is_space(c)) {
        name += c;
      } else if (!name.empty()) {
        tag = bad_attribute("without a value");
        return true;
      } else if (!is_space(c)) {
        tag = c == '/' ? Tag::closed : Tag::open;
        return true;
      }
    }
    tag = bad_attribute("that is not closed");
    return true;
  }

  bool read_value(std::string& value) {
    char quote = at_end() ? '\0' : take();
    while (is_space(quote) && !at_end()) quote = take();
    if (quote != '"' && quote != '\'') {
      bad_attribute("without quotes around its value");
      return false;
    }
    while (!at_end()) {
      const char c = take();
      if (value.size() >= kMaxBytes || c == '>') break;
      if (c == quote) return true;
      value += c;
    }
    bad_attribute("whose value is not closed");
    return false;
  }

  bool is_repeated(const std::string& name, std::size_t level) const {
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      const OsXmlNode& node = nodes_[i];
      if (node.level != level || node.type != OsXmlNode::Type::attribute) return false;
      if (node.name == until_nul(name)) return true;
    }
    return false;
  }

  std::size_t add(OsXmlNode::Type type, std::string name, std::size_t level) {
    OsXmlNode node;
    node.type = iequals(name, "var") ? OsXmlNode::Type::variable : type;
    node.name = std::move(name);
    node.level = level;
    node.line = line_;
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }

  std::string_view text_;
  std::vector<OsXmlNode>& nodes_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t declaration_ = 0;  // line of a `<?`
  bool explained_ = false;       // the error is more specific than a later one
  std::size_t odd_comment_line_ = 0;
  std::optional<OsXmlError> error_;
};

}  // namespace

OsXml OsXml::parse(std::string_view text) {
  OsXml out;
  Reader reader(text, out.nodes_);
  out.error_ = reader.read();
  out.odd_comment_line_ = reader.odd_comment_line();
  return out;
}

OsXml::~OsXml() {
  for (OsXmlNode& node : nodes_) secure_wipe(node.content.data(), node.content.size());
}

std::vector<std::size_t> OsXml::roots() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].type == OsXmlNode::Type::element && nodes_[i].level == 0) out.push_back(i);
  }
  return out;
}

std::vector<std::size_t> OsXml::children(std::size_t parent) const {
  std::vector<std::size_t> out;
  const std::size_t level = nodes_[parent].level + 1;
  for (std::size_t i = parent + 1; i < nodes_.size(); ++i) {
    if (nodes_[i].type != OsXmlNode::Type::element) continue;
    if (nodes_[i].level < level) break;
    if (nodes_[i].level == level) out.push_back(i);
  }
  return out;
}

bool OsXml::has_attributes(std::size_t element) const {
  const std::size_t next = element + 1;
  return next < nodes_.size() && nodes_[next].type == OsXmlNode::Type::attribute &&
         nodes_[next].level == nodes_[element].level;
}

}  // namespace socbridge::wazuh
