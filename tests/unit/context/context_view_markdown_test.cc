// SPDX-License-Identifier: Apache-2.0
// A context as Markdown.
#include <algorithm>
#include <catch2/catch.hpp>

#include "context/context_view.h"
#include "samples.h"

namespace socbridge::context {
namespace {

std::string text_of(const opencti::Context& context) { return to_markdown(context, kNow); }

}  // namespace

TEST_CASE("a context as Markdown says what is known, a line each") {
  const std::string text = text_of(sample());
  CHECK(text ==
        "### `evil.example` (domain)\n\n"
        "- Domain-Name; score 85; `TLP:GREEN`; c2; Feed\n"
        "  - blog `https://blog.example/1`\n"
        "- Indicator \\[domain-name&#58;value = `'evil.example'`\\]; score 40; valid; until "
        "2026-01-01; `TLP:AMBER`; c2, botnet\n"
        "- indicates Malware **ExampleRAT**; also ExRat\n"
        "- indicates Attack-Pattern T1071.001 **Web Protocols**; command-and-control\n"
        "- Intrusion-Set **APT-EXAMPLE** uses ExampleRAT; through ExampleRAT\n"
        "- Report A report; 2025-05-01; Analyst\n");
  CHECK(text == text_of(sample()));
}

TEST_CASE("a link in Markdown reads in its own direction") {
  const std::string text = text_of(sample());
  CHECK_THAT(text, Catch::Contains("\n- indicates Malware **ExampleRAT**"));
  CHECK_THAT(text,
             Catch::Contains("**APT") && Catch::Contains(" uses ExampleRAT; through ExampleRAT"));
  opencti::Context outgoing = sample();
  outgoing.links[2].end = opencti::Link::End::target;
  CHECK_THAT(text_of(outgoing), Catch::Contains("\n- ExampleRAT uses Intrusion"));
  opencti::Context incoming = sample();
  incoming.links[0].end = opencti::Link::End::source;
  CHECK_THAT(text_of(incoming), Catch::Contains("\n- Malware **ExampleRAT** indicates it"));
}

TEST_CASE("the same link of an observable and of its indicator is one line of Markdown") {
  opencti::Context twice = sample();
  twice.links.push_back(twice.links[0]);
  twice.links.back().subject = "domain-name--1";
  CHECK(text_of(twice) == text_of(sample()));
}

TEST_CASE("the network around an address is named in Markdown") {
  opencti::Context address = sample();
  address.value = opencti::value_of("ip", "198.51.100.7");
  address.observables[0].type = "IPv4-Addr";
  address.observables[0].value = "198.51.100.0/24";
  CHECK_THAT(text_of(address), Catch::Contains("198.51.100.0/24"));
  address.observables[0].value = "198.51.100.7";
  const std::string text = text_of(address);
  CHECK(text.find("198.51.100.7", text.find('\n')) == std::string::npos);
}

TEST_CASE("what could not be asked for is not said to be unknown in Markdown") {
  CHECK_THAT(text_of(unknown()), Catch::EndsWith("\n\nOpenCTI does not know it.\n"));
  opencti::Context failed = unknown();
  failed.status = Status::error(ExitCode::unreachable, "down");
  CHECK_THAT(text_of(failed), Catch::EndsWith("\n\nOpenCTI could not look it up.\n"));
  opencti::Context revoked = sample();
  revoked.indicators[0].revoked = true;
  CHECK_THAT(text_of(revoked), Catch::Contains("OpenCTI has revoked all its indicators.") &&
                                   Catch::Contains("; revoked; "));
}

TEST_CASE("texts of feeds make no structure in Markdown") {
  const std::string text = text_of(hostile());
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\n# y") == std::string::npos);
  CHECK(text.find("<b>") == std::string::npos);
  CHECK(text.find("**z**") == std::string::npos);
  // One line each, whatever they say: heading, blank, observable, reference, indicator, links,
  // report. Two of the three links read the same.
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 + 1 + 1 + 1 + 2 + 1);
}

}  // namespace socbridge::context
