#include "mapping/names.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMaxName = 253, kMaxLabel = 63, kMaxLocal = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// Number of labels, or 0 if one is wrong.
std::size_t count_labels(std::string_view name) {
  if (name.empty() || name.size() > kMaxName) return 0;
  std::size_t labels = 0;
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return 0;
    ++labels;
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

std::string lower_name(std::string_view text) {
  text = trim(text);
  if (text.size() > kMaxName + 1) return {};
  if (text.ends_with('.')) text.remove_suffix(1);
  return ascii_lower(text);
}

bool is_local_char(char c) {
  constexpr std::string_view kSpecial = ".!#$%&'*+-/=?^_`{|}~";
  return (c >= 'a' && c <= 'z') || is_digit(c) || kSpecial.find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string normal_domain(std::string_view text) {
  std::string name = lower_name(text);
  if (count_labels(name) < 2 || name.front() == '_') return {};
  const std::string_view last = std::string_view(name).substr(name.rfind('.') + 1);
  if (last.size() < 2 || is_digit(last.front()) || last.find('_') != std::string_view::npos) return {};
  if (last == "arpa" || last == "localdomain" || name.ends_with(".localhost")) return {};
  return name;
}

std::string normal_host(std::string_view text) {
  text = trim(text);
  while (text.starts_with('\\')) text.remove_prefix(1);
  std::string name = lower_name(text);
  if (count_labels(name) == 0 || name.front() == '_') return {};
  if (name == "localhost" || name.starts_with("localhost.")) return {};
  // Digits alone are an id or a broken address, not a host.
  if (std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || c == '.'; })) return {};
  return name;
}

std::string normal_mail(std::string_view text) {
  text = trim(text);
  if (const std::size_t open = text.rfind('<'); open != std::string_view::npos) {
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos) return {};
    text = trim(text.substr(open + 1, close - open - 1));
  }
  if (istarts_with(text, "mailto:")) text.remove_prefix(7);
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > kMaxLocal) return {};
  const std::string local = ascii_lower(text.substr(0, at));
  if (!std::all_of(local.begin(), local.end(), is_local_char)) return {};
  const std::string domain = normal_domain(text.substr(at + 1));
  return domain.empty() ? std::string() : local + "@" + domain;
}

std::string_view without_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(':') != colon) return text;
  const std::string_view port = text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return text;
  return text.substr(0, colon);
}

}  // namespace socbridge::mapping
