// SPDX-License-Identifier: Apache-2.0
#include "analysis/exclusions.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::analysis {
namespace {

// The host of a name, a mail address or a URL, in lower case.
std::string host_of(std::string_view data_type, std::string_view value) {
  std::string_view host = value;
  if (data_type == "url") {
    const std::size_t scheme = host.find("://");
    if (scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
  }
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  if (data_type == "url") {
    if (!host.empty() && host.front() == '[') {
      return ascii_lower(host.substr(1, host.find(']') - 1));
    }
    host = host.substr(0, host.find(':'));
  }
  return ascii_lower(host);
}

}  // namespace

Result<Exclusions> Exclusions::make(const std::vector<std::string>& patterns) {
  Exclusions out;
  for (const std::string& pattern : patterns) {
    if (const auto address = observable::Address::parse(pattern.substr(0, pattern.find('/')))) {
      auto network = observable::Network::parse(pattern);
      if (!network) {
        return Status::error(ExitCode::usage, "\"" + printable(pattern, 60) + "\" is not a network",
                             "the length is at most " + std::to_string(address->longest()));
      }
      out.networks_.push_back({pattern, *network});
    } else if (pattern.starts_with("*.") && pattern.size() > 2) {
      out.names_.push_back(ascii_lower(std::string_view(pattern).substr(1)));
      out.name_texts_.push_back(pattern);
    } else {
      out.wholes_.push_back(ascii_lower(pattern));
    }
  }
  return out;
}

std::string_view Exclusions::find(std::string_view data_type, std::string_view value) const {
  const std::string lower = ascii_lower(value);
  const auto whole = std::find(wholes_.begin(), wholes_.end(), lower);
  if (whole != wholes_.end()) return *whole;
  const std::string host = host_of(data_type, value);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (host.ends_with(names_[i])) return name_texts_[i];
  }
  const auto address = observable::Address::parse(host);
  for (const Row& row : networks_) {
    if (address && row.network.holds(*address)) return row.text;
  }
  return {};
}

}  // namespace socbridge::analysis
