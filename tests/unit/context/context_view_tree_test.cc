// SPDX-License-Identifier: Apache-2.0
// A context as a tree for people, and in a few words.
#include <algorithm>
#include <catch2/catch.hpp>

#include "context/context_view.h"
#include "samples.h"

namespace socbridge::context {
namespace {

std::string tree(const opencti::Context& context, bool color = false) {
  term::Terminal terminal;
  terminal.color = color;
  return to_tree(context, kNow, terminal);
}

}  // namespace

TEST_CASE("a tree has links below their subject, and what they lead to below them") {
  CHECK(tree(sample()) ==
        "evil.example  domain\n"
        "├─ Domain-Name observable  score 85 (TLP:GREEN, c2, Feed)\n"
        "│  └─ reference blog https://blog.example/1\n"
        "├─ indicator [domain-name:value = 'evil.example']  score 40  valid (until 2026-01-01, "
        "TLP:AMBER, c2, botnet)\n"
        "│  ├─ indicates malware ExampleRAT (also ExRat)\n"
        "│  │  └─ intrusion-set APT-EXAMPLE uses ExampleRAT\n"
        "│  └─ indicates attack-pattern T1071.001 Web Protocols (command-and-control)\n"
        "└─ report A report (2025-05-01, Analyst)\n");
}

TEST_CASE("a tree of values that are unknown, revoked or not asked") {
  CHECK(tree(unknown()) == "unknown.example  domain  not known\n");
  opencti::Context failed = unknown();
  failed.status = Status::error(ExitCode::unreachable, "down");
  CHECK(tree(failed) == "unknown.example  domain  not asked\n");
  opencti::Context revoked = sample();
  revoked.indicators[0].revoked = true;
  CHECK_THAT(tree(revoked), Catch::StartsWith("evil.example  domain  revoked\n") &&
                                Catch::Contains("  revoked (until"));
}

TEST_CASE("colours of a tree only if the terminal has them, by the score") {
  CHECK(tree(sample()).find('\x1b') == std::string::npos);
  const auto red = term::paint("score 70", term::Style::red, true);
  opencti::Context context = sample();
  context.observables[0].score = 70;
  CHECK_THAT(tree(context, true), Catch::Contains(red));
  context.observables[0].score = 69;
  CHECK_THAT(tree(context, true),
             Catch::Contains(term::paint("score 69", term::Style::yellow, true)));
  context.observables[0].score = 39;
  CHECK_THAT(tree(context, true), Catch::Contains("  score 39"));
}

TEST_CASE("a threat that is the source of a relationship stands before it in a tree") {
  opencti::Context context = sample();
  context.links = {link("targets", "Campaign", "Wave")};
  context.links[0].end = opencti::Link::End::source;
  CHECK_THAT(tree(context), Catch::Contains("└─ campaign Wave targets it\n"));
}

TEST_CASE("the network around an address is named in a tree") {
  opencti::Context address = sample();
  address.value = opencti::value_of("ip", "198.51.100.7");
  address.observables[0].value = "198.51.100.0/24";
  CHECK_THAT(tree(address), Catch::Contains("observable 198.51.100.0/24  score"));
}

TEST_CASE("texts of feeds and data types change no terminal and end no line of a tree") {
  const std::string text = tree(hostile());
  CHECK(text.find('\x1b') == std::string::npos);
  // The value, observable, reference, indicator, three links, report.
  CHECK(std::count(text.begin(), text.end(), '\n') == 8);
}

TEST_CASE("a context in a few words: the highest score, each word once") {
  const Summary words = summarise(sample());
  CHECK(words.score == "85");
  CHECK(words.threats == "ExampleRAT, APT-EXAMPLE");
  CHECK(words.techniques == "T1071.001");
  CHECK(words.labels == "c2, botnet");
  CHECK(words.markings == "TLP:GREEN, TLP:AMBER");
  opencti::Context context = sample();
  context.observables[0].score.reset();
  context.links[1] = far_link(context.links[0], context.links[1]);  // a technique of a threat
  CHECK(summarise(context).score == "40");
  CHECK(summarise(context).techniques.empty());
  const Summary none = summarise(unknown());
  CHECK((none.score.empty() && none.threats.empty() && none.labels.empty()));
  CHECK(summarise(hostile()).labels.find_first_of("\n\x1b") == std::string::npos);
}

}  // namespace socbridge::context
