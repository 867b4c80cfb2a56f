// SPDX-License-Identifier: Apache-2.0
#include "observable/refang.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace socbridge::observable {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array kMarks = {
    Pair{"[.]", "."},     Pair{"(.)", "."},   Pair{"{.}", "."},  Pair{"[dot]", "."},
    Pair{"(dot)", "."},   Pair{"{dot}", "."}, Pair{"[d]", "."},  Pair{"\\.", "."},
    Pair{"[.", "."},      Pair{".]", "."},    Pair{"[@]", "@"},  Pair{"(@)", "@"},
    Pair{"[at]", "@"},    Pair{"(at)", "@"},  Pair{"{at}", "@"}, Pair{"[://]", "://"},
    Pair{"[:]//", "://"}, Pair{"[:]", ":"},   Pair{"[/]", "/"},  Pair{"[:/", ":/"},
};
constexpr std::array kSchemes = {
    Pair{"hxxps", "https"}, Pair{"hxxp", "http"}, Pair{"h**ps", "https"}, Pair{"h**p", "http"},
    Pair{"htxp", "http"},   Pair{"meow", "http"}, Pair{"fxps", "ftps"},   Pair{"fxp", "ftp"}};

// Only before `://` in any spelling.
void fix_scheme(std::string& text) {
  for (const auto& [from, to] : kSchemes) {
    if (!istarts_with(text, from)) continue;
    const std::string_view rest = std::string_view(text).substr(from.size());
    if (!rest.starts_with("://")) continue;
    text = std::string(to) + std::string(rest);
    return;
  }
}

std::string_view strip(std::string_view text) {
  constexpr std::string_view kBefore = "\"'`<", kAfter = "\"'`>,;!?.";
  for (std::size_t size = text.size() + 1; size != text.size();) {
    size = text.size();
    text = trim(text);
    while (!text.empty() && kBefore.find(text.front()) != std::string_view::npos)
      text.remove_prefix(1);
    while (!text.empty() && kAfter.find(text.back()) != std::string_view::npos &&
           (text.back() != '>' || text.find('<') == std::string_view::npos))  // `Eve <eve@…>`
      text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::string refang(std::string_view given) {
  const std::string_view text = strip(given);
  std::string out;
  out.reserve(text.size());
  // The brackets of an IPv6 address stay: `[2001:db8::1]` contains none of the defanged forms.
  for (std::size_t at = 0; at < text.size();) {
    bool replaced = false;
    for (const auto& [from, to] : kMarks) {
      if (!istarts_with(text.substr(at), from)) continue;
      out += to;
      at += from.size();
      replaced = true;
      break;
    }
    if (!replaced) out += text[at++];
  }
  fix_scheme(out);
  return out;
}

}  // namespace socbridge::observable
