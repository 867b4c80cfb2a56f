// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

// Reasons why a valid value is irrelevant to an attack. Each can be switched off by its name in
// `keep_noise`.
enum class Noise : unsigned char {
  none,
  own_agent,         // name or address of the agent that sent the alert
  system_accounts,   // SYSTEM, DWM-1, well-known SIDs, AWS service principals
  machine_accounts,  // PC9$
  file_owners,       // owner of a watched file by uid or SID of the system
  group_names,       // target of the Windows events about groups
  sids,
  guids,
  numbers,  // numeric and boolean text
  reverse_dns,
  private_names,   // .local, .lan, .internal, … where a DNS name is expected
  cloud_services,  // ec2.amazonaws.com as the source of a call
};

std::string_view noise_name(Noise rule);
std::optional<Noise> noise_called(std::string_view name);
std::vector<std::string_view> noise_names();
// The text of `--explain`, for example "a machine account".
const char* noise_reason(Noise rule);

// A set of rules.
class NoiseSet {
 public:
  void add(Noise rule) { bits_ |= bit(rule); }
  bool has(Noise rule) const { return (bits_ & bit(rule)) != 0; }

 private:
  static std::uint32_t bit(Noise rule) { return std::uint32_t{1} << static_cast<unsigned>(rule); }
  std::uint32_t bits_ = 0;
};

// Noise::none if the account may be a person's.
Noise account_noise(std::string_view user);
// Whether it is a SID of Windows itself, its services or a built-in group.
bool is_system_sid(std::string_view sid);
bool is_sid(std::string_view text);
bool is_guid(std::string_view text);
// Whether the text is true, false, yes, no, or an integer, decimal or hexadecimal.
bool is_number_or_flag(std::string_view text);
// `ec2.amazonaws.com`, `storage.googleapis.com`: a provider's name for one of its services.
bool is_cloud_service(std::string_view name);
// Whether the event is about a group, so that its target is not an account.
bool is_group_event(std::string_view event_id);
// For the owner of a watched file: by number or SID; by name only if the alert has neither.
bool is_system_owner(std::string_view id, std::string_view name);

}  // namespace socbridge::mapping
