// SPDX-License-Identifier: Apache-2.0
#include "rules/regex.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/utf8.h"
#include "rules/regex_parser.h"

namespace socbridge::rules {
namespace {

using Kind = RegexInstruction::Kind;

constexpr std::size_t kWordBits = 64;
constexpr std::size_t kMostWords = kMostRegexCharacters / kWordBits;
constexpr std::size_t kChunk = 4;  // characters per table; each subset of them has a row
constexpr std::size_t kSubsets = std::size_t{1} << kChunk;
constexpr std::size_t kLast = 1, kFollow = 2;  // rows of Steps
constexpr std::uint32_t kReplacement = 0xFFFD;

void set_bit(std::uint64_t* words, std::size_t bit) {
  words[bit / kWordBits] |= std::uint64_t{1} << (bit % kWordBits);
}

// The instructions that a program reaches without consuming a character.
class Closure {
 public:
  Closure(const RegexProgram& program, std::uint8_t held)
      : program_(program), held_(held), seen_(program.code.size() + 1, 0) {}

  // Those reachable from `from` that consume a character, or are the end.
  const std::vector<std::size_t>& from(std::size_t from) {
    found_.clear();
    ++round_;
    add(from);
    while (!open_.empty()) {
      const std::size_t at = open_.back();
      open_.pop_back();
      if (at == program_.code.size()) {
        found_.push_back(at);
        continue;
      }
      const RegexInstruction& one = program_.code[at];
      const auto to = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + one.to);
      if (one.kind == Kind::character) found_.push_back(at);
      if (one.kind == Kind::jump || one.kind == Kind::split) add(to);
      if (one.kind == Kind::split) add(at + 1);
      if (one.kind == Kind::assertion && (one.what & held_) != 0) add(at + 1);
    }
    return found_;
  }

 private:
  void add(std::size_t at) {
    if (seen_[at] == round_) return;
    seen_[at] = round_;
    open_.push_back(at);
  }

  const RegexProgram& program_;
  std::uint8_t held_;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> seen_;
  std::vector<std::size_t> open_, found_;
};

// Numbers the instructions that consume a character; the end has none.
std::vector<std::size_t> numbers_of(const RegexProgram& program) {
  std::vector<std::size_t> out(program.code.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < program.code.size(); ++i) {
    if (program.code[i].kind == Kind::character) out[i] = next++;
  }
  return out;
}

}  // namespace

Regex::Side Regex::side_of(std::uint32_t c) {
  if (c == '\n') return kLineFeed;
  const bool word =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  return word ? kWord : kOther;
}

std::uint8_t Regex::held_between(Side before, Side behind) {
  unsigned held = (before == kWord) != (behind == kWord) ? kWordBoundary : kNoWordBoundary;
  if (before == kNothing) held |= kTextBegin | kLineBegin;
  if (before == kLineFeed) held |= kLineBegin;
  if (behind == kNothing) held |= kTextEnd | kLineEnd;
  if (behind == kLineFeed) held |= kLineEnd;
  return static_cast<std::uint8_t>(held);
}

Regex Regex::read(std::string_view pattern, Faults& faults) {
  Regex regex;
  const std::size_t before = faults.list().size();
  const RegexProgram program = RegexParser(pattern, faults).run();
  regex.ascii_.resize(kAsciiEnd);
  regex.steps_.resize(1);
  regex.steps_[0].rows.resize(kFollow);
  if (faults.list().size() > before) return regex;
  regex.characters_ = program.characters;
  regex.words_ = program.characters <= kWordBits ? 1 : kMostWords;
  regex.number_characters(program);
  regex.add_steps(program);
  regex.find_beginnings();
  return regex;
}

// Sets for each character the positions that accept it.
void Regex::number_characters(const RegexProgram& program) {
  ascii_.assign(kAsciiEnd * words_, 0);
  std::vector<std::vector<std::uint64_t>> places(program.sets.size());
  std::size_t number = 0;
  for (const RegexInstruction& one : program.code) {
    if (one.kind != Kind::character) continue;
    places[one.what].resize(words_);
    set_bit(places[one.what].data(), number++);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].empty()) continue;
    const CharSet& set = program.sets[i];
    for (std::size_t half = 0; half < set.ascii.size(); ++half) {
      for (std::uint64_t left = set.ascii[half]; left != 0; left &= left - 1) {
        const std::size_t c = half * kWordBits + static_cast<std::size_t>(std::countr_zero(left));
        for (std::size_t w = 0; w < words_; ++w) ascii_[c * words_ + w] |= places[i][w];
      }
    }
    if (set.above.empty() && !set.above_negated) continue;
    wide_.push_back({set.above, set.above_negated, std::move(places[i])});
  }
}

// For each pair of neighbours, the steps under the assertions that hold between them. Assertions
// that the program does not use are ignored.
void Regex::add_steps(const RegexProgram& program) {
  unsigned asked = 0;
  for (const RegexInstruction& one : program.code) {
    if (one.kind == Kind::assertion) asked |= one.what;
  }
  std::vector<unsigned> known;
  steps_.clear();
  for (std::size_t before = 0; before < kSides; ++before) {
    for (std::size_t behind = 0; behind < kSides; ++behind) {
      const unsigned held =
          asked & held_between(static_cast<Side>(before), static_cast<Side>(behind));
      const auto it = std::find(known.begin(), known.end(), held);
      steps_at_[before][behind] = static_cast<std::uint8_t>(it - known.begin());
      if (it != known.end()) continue;
      known.push_back(held);
      steps_.push_back(steps_where(program, static_cast<std::uint8_t>(held)));
    }
  }
}

Regex::Steps Regex::steps_where(const RegexProgram& program, std::uint8_t held) const {
  Steps steps;
  Closure closure(program, held);
  const std::vector<std::size_t> numbers = numbers_of(program);
  const std::size_t end = program.code.size();
  steps.rows.resize((kFollow + (characters_ + kChunk - 1) / kChunk * kSubsets) * words_);
  const auto row = [&](std::size_t number) { return &steps.rows[number * words_]; };
  for (const std::size_t to : closure.from(0)) {
    if (to == end) {
      steps.matched_at_once = true;
    } else {
      set_bit(row(0), numbers[to]);
    }
  }
  for (std::size_t at = 0; at < end; ++at) {
    if (program.code[at].kind != Kind::character) continue;
    const std::size_t number = numbers[at];
    const std::size_t subset = std::size_t{1} << (number % kChunk);
    std::uint64_t* const follow = row(kFollow + number / kChunk * kSubsets + subset);
    for (const std::size_t to : closure.from(at + 1)) {
      set_bit(to == end ? row(kLast) : follow, to == end ? number : numbers[to]);
    }
  }
  // The successors of a subset are those of one of its members and of the rest.
  for (std::size_t i = kFollow; i < steps.rows.size() / words_; ++i) {
    const std::size_t subset = (i - kFollow) % kSubsets;
    const std::size_t others = subset & (subset - 1);
    if (others == 0) continue;
    for (std::size_t w = 0; w < words_; ++w) {
      row(i)[w] = row(i - subset + others)[w] | row(i - others)[w];
    }
  }
  return steps;
}

// Characters that cannot begin a match are skipped, unless an empty match is possible.
void Regex::find_beginnings() {
  for (const Steps& steps : steps_) {
    for (std::size_t i = 0; i < ascii_.size(); ++i) {
      const bool begins = steps.matched_at_once || (ascii_[i] & steps.rows[i % words_]) != 0;
      if (begins) begins_[i / words_] = true;
    }
  }
}

template <std::size_t Words>
std::array<std::uint64_t, Words> Regex::places_of(std::uint32_t code_point) const {
  std::array<std::uint64_t, Words> out{};
  if (code_point < kAsciiEnd) {
    std::copy_n(&ascii_[code_point * Words], Words, out.begin());
    return out;
  }
  for (const Wide& wide : wide_) {
    const bool listed = std::any_of(wide.ranges.begin(), wide.ranges.end(), [&](const auto& one) {
      return code_point >= one.first && code_point <= one.second;
    });
    for (std::size_t w = 0; listed != wide.negated && w < Words; ++w) out[w] |= wide.places[w];
  }
  return out;
}

template <std::size_t Words>
bool Regex::search(std::string_view text, bool whole) const {
  std::array<std::uint64_t, Words> live{};  // positions whose character was the last one
  std::uint64_t any = 0;
  Side before = kNothing;
  for (std::size_t at = 0;;) {
    if (any == 0) {
      const std::size_t from = at;
      while (at < text.size() && static_cast<unsigned char>(text[at]) < kAsciiEnd &&
             !begins_[static_cast<unsigned char>(text[at])]) {
        ++at;
      }
      if (at > from) before = side_of(static_cast<unsigned char>(text[at - 1]));
    }
    CodePoint next;
    Side behind = whole ? kNothing : kOther;
    if (at < text.size()) {
      next = decode_utf8(text, at);
      if (!next.valid) next.value = kReplacement;
      behind = side_of(next.value);
    }
    const Steps& steps = steps_[steps_at_[before][behind]];
    std::array<std::uint64_t, Words> follow{};
    std::uint64_t matched = steps.matched_at_once ? 1 : 0;
    for (std::size_t w = 0; w < Words; ++w) {
      matched |= live[w] & steps.rows[kLast * Words + w];
      follow[w] |= steps.rows[w];
      for (std::uint64_t left = live[w]; left != 0;) {
        const auto shift = static_cast<std::size_t>(std::countr_zero(left)) / kChunk * kChunk;
        const std::size_t subset = (left >> shift) & (kSubsets - 1);
        left &= ~(std::uint64_t{kSubsets - 1} << shift);
        const std::size_t chunk = (w * kWordBits + shift) / kChunk;
        const std::uint64_t* const row = &steps.rows[(kFollow + chunk * kSubsets + subset) * Words];
        for (std::size_t v = 0; v < Words; ++v) follow[v] |= row[v];
      }
    }
    if (matched != 0) return true;
    if (at >= text.size()) return false;
    const auto places = places_of<Words>(next.value);
    any = 0;
    for (std::size_t w = 0; w < Words; ++w) {
      live[w] = follow[w] & places[w];
      any |= live[w];
    }
    before = behind;
    at += next.size;
  }
}

bool Regex::found_in(std::string_view text, std::size_t most) const {
  const bool whole = text.size() <= most;
  text = text.substr(0, most);
  return words_ == 1 ? search<1>(text, whole) : search<kMostWords>(text, whole);
}

}  // namespace socbridge::rules
