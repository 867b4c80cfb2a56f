// SPDX-License-Identifier: Apache-2.0
#include "rules/template_parser.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "rules/template_names.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kLongest = 65536;  // bytes of one template
constexpr std::uint64_t kMostCut = 1048576;

constexpr std::array<std::string_view, 10> kFilters = {"upper",    "lower", "trim", "first", "last",
                                                       "basename", "join",  "cut",  "json",  "url"};

// The argument of `join:SEPARATOR`, blanks included, without quotes around it.
std::string separator_of(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return ", ";
  word.remove_prefix(colon + 1);
  const std::string_view bare = trim(word);
  const bool in_quotes = bare.size() >= 2 && (bare.front() == '"' || bare.front() == '\'') &&
                         bare.back() == bare.front();
  return std::string(in_quotes ? bare.substr(1, bare.size() - 2) : word);
}

}  // namespace

void TemplateParser::fail(std::size_t at, std::string message, std::string hint) {
  faults_.add(std::move(message), std::move(hint), at);
}

void TemplateParser::literal(char c) {
  if (out_.parts_.empty() || !out_.parts_.back().steps.empty()) out_.parts_.emplace_back();
  out_.parts_.back().literal += c;
}

Template TemplateParser::run() {
  if (text_.size() > kLongest) {
    fail(0, "the template is longer than 65536 bytes");
    return out_;
  }
  out_.source_ = std::string(text_);
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      literal(c);
      at_ += 2;
    } else if (c == '{') {
      expression();
    } else if (c == '}') {
      fail(at_, "a } without {", "write }} for a brace");
      ++at_;
    } else {
      literal(c);
      ++at_;
    }
  }
  return std::move(out_);
}

// The text from `from` up to the quote that closes it.
std::optional<std::string_view> TemplateParser::quoted_end(std::size_t from) const {
  const std::size_t end = text_.find(text_[from], from + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return text_.substr(from + 1, end - from - 1);
}

void TemplateParser::expression() {
  const std::size_t open = at_++;
  Template::Part part;
  std::size_t start = at_;
  bool fine = true;
  char before = '\0';  // last character of the word that is not a blank
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool opens_text = (c == '"' || c == '\'') && (before == '\0' || before == ':');
    if (opens_text) {
      const auto inside = quoted_end(at_);
      if (!inside) break;
      at_ += inside->size() + 2;
      before = c;
    } else if (c == '|' || c == '}') {
      fine = fine && word(text_.substr(start, at_ - start), start, part);
      start = ++at_;
      before = '\0';
      if (c == '}') {
        if (fine) out_.parts_.push_back(std::move(part));
        return;
      }
    } else if (c == '{') {
      break;
    } else {
      if (!trim(text_.substr(at_, 1)).empty()) before = c;
      ++at_;
    }
  }
  fail(open, "a { without }", "close it, or write {{ for a brace");
  at_ = std::max(at_, open + 1);
  if (at_ < text_.size() && text_[at_] != '{') at_ = text_.size();
}

bool TemplateParser::word(std::string_view whole, std::size_t at, Template::Part& part) {
  const std::string_view text = trim(whole);
  const Word word{text, at + static_cast<std::size_t>(text.data() - whole.data())};
  if (text.empty() && part.steps.empty()) {
    fail(at, "braces without a field", "name one, such as {agent.name}; {{ is a brace");
    return false;
  }
  if (text.empty()) {
    fail(at, "nothing after |", "name a filter, a field or a text");
    return false;
  }
  if (part.steps.empty()) return field(word, part);
  if (text.front() == '"' || text.front() == '\'') return quoted_text(word, part);
  const std::string_view name = trim(text.substr(0, text.find(':')));
  const auto* const known = std::find(kFilters.begin(), kFilters.end(), name);
  if (known != kFilters.end()) {
    Template::Step step;
    step.kind = Template::Step::Kind::filter;
    step.filter = static_cast<Template::Filter>(known - kFilters.begin());
    if (step.filter == Template::Filter::join) step.argument = separator_of(whole);
    return filter(word, std::move(step), part);
  }
  return looks_like_field(text) ? field(word, part) : plain_text(word, part);
}

bool TemplateParser::field(const Word& word, Template::Part& part) {
  const NameVerdict verdict = check_name(word.text);
  if (!verdict.ok()) {
    fail(word.at, verdict.message, verdict.hint);
    return false;
  }
  Template::Step step;
  step.kind = Template::Step::Kind::field;
  step.argument = std::string(word.text);
  part.steps.push_back(std::move(step));
  return true;
}

bool TemplateParser::quoted_text(const Word& word, Template::Part& part) {
  if (word.text.size() < 2 || word.text.back() != word.text.front()) {
    fail(word.at, "text after a closing quote", "put | between them");
    return false;
  }
  Template::Step step;
  step.argument = std::string(word.text.substr(1, word.text.size() - 2));
  part.steps.push_back(std::move(step));
  return true;
}

// A word that is neither a field nor a filter is a text, unless it resembles the name of a filter.
bool TemplateParser::plain_text(const Word& word, Template::Part& part) {
  const std::string_view name = trim(word.text.substr(0, word.text.find(':')));
  const std::string_view near =
      nearest(name, std::vector<std::string_view>(kFilters.begin(), kFilters.end()));
  if (!near.empty()) {
    fail(word.at, "no filter is called " + quoted(name),
         "did you mean " + quoted(near) + "? For the text, put it in quotes");
    return false;
  }
  Template::Step step;
  step.argument = std::string(word.text);
  part.steps.push_back(std::move(step));
  return true;
}

bool TemplateParser::filter(const Word& word, Template::Step step, Template::Part& part) {
  using Filter = Template::Filter;
  const std::size_t colon = word.text.find(':');
  const bool takes_argument = step.filter == Filter::join || step.filter == Filter::cut;
  if (colon != std::string_view::npos && !takes_argument) {
    fail(word.at, "filter " + std::string(trim(word.text.substr(0, colon))) + " takes no argument");
    return false;
  }
  if (step.filter == Filter::cut) {
    const auto number = colon == std::string_view::npos
                            ? std::nullopt
                            : parse_u64(trim(word.text.substr(colon + 1)));
    if (!number || *number == 0 || *number > kMostCut) {
      fail(word.at, "cut needs a number of characters", "for example {full_log|cut:80}");
      return false;
    }
    step.number = static_cast<std::size_t>(*number);
  }
  part.steps.push_back(std::move(step));
  return true;
}

Template Template::read(std::string_view text, Faults& faults) {
  return TemplateParser(text, faults).run();
}

Template::Template(std::string_view text) {
  Faults faults;
  *this = read(text, faults);
  if (faults.none()) return;
  source_ = std::string(text);
  parts_.assign(1, Part{source_, {}});
}

}  // namespace socbridge::rules
