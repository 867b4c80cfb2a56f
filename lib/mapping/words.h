// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace socbridge::mapping {

// A fixed list of words, compared with names. A name is tested against hundreds of words and
// matches almost none, so bits computed at compile time rule most of them out at once. Words have
// at least two bytes. Immutable.
template <std::size_t N>
class Words {
 public:
  template <typename... Text>
  constexpr Words(Text... text)  // NOLINT(google-explicit-constructor)
      : words_{Word{std::string_view(text), letters_of(text)}...} {
    for (const Word& word : words_) {
      whole_ |= whole_bit(word.text);
      end_ |= end_bit(word.text);
    }
  }

  // Whether the name is one of the words.
  constexpr bool has(std::string_view name) const {
    if (name.size() < 2 || (whole_ & whole_bit(name)) == 0) return false;
    return std::any_of(words_.begin(), words_.end(),
                       [&](const Word& word) { return word.text == name; });
  }
  // Whether the name ends in one of the words.
  constexpr bool ends(std::string_view name) const {
    if (name.size() < 2 || (end_ & end_bit(name)) == 0) return false;
    return std::any_of(words_.begin(), words_.end(),
                       [&](const Word& word) { return name.ends_with(word.text); });
  }
  // Whether the name contains one of the words.
  constexpr bool in(std::string_view name) const {
    const std::uint32_t letters = letters_of(name);
    return std::any_of(words_.begin(), words_.end(), [&](const Word& word) {
      return (word.letters & ~letters) == 0 && name.find(word.text) != std::string_view::npos;
    });
  }

  constexpr auto begin() const { return words_.begin(); }
  constexpr auto end() const { return words_.end(); }

 private:
  struct Word {
    std::string_view text;
    std::uint32_t letters;
  };

  static constexpr std::uint32_t byte(char c) { return static_cast<unsigned char>(c); }
  // A name that contains a word has all its letters.
  static constexpr std::uint32_t letters_of(std::string_view text) {
    std::uint32_t out = 0;
    for (const char c : text) out |= std::uint32_t{1} << (byte(c) & 31U);
    return out;
  }
  static constexpr std::uint64_t whole_bit(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    return std::uint64_t{1} << ((byte(text.front()) * 5 + byte(text.back()) * 11 + size * 3) & 63U);
  }
  static constexpr std::uint64_t end_bit(std::string_view text) {
    return std::uint64_t{1} << ((byte(text.back()) * 5 + byte(text[text.size() - 2]) * 3) & 63U);
  }

  std::array<Word, N> words_;
  std::uint64_t whole_ = 0, end_ = 0;
};

template <typename... Text>
Words(Text...) -> Words<sizeof...(Text)>;

}  // namespace socbridge::mapping
