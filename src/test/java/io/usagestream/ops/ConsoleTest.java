package io.usagestream.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.usagestream.source.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console in a real Chromium. Its screenshots are in {@code target/screenshots}. */
final class ConsoleTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void launch() {
        if (!Files.isExecutable(CHROMIUM)) {
            String message =
                    "THE CONSOLE IS NOT TESTED: there is no " + CHROMIUM + " (Debian: apt-get install chromium)";
            System.err.println(message);
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void quit() {
        if (playwright != null) {
            browser.close();
            playwright.close();
        }
    }

    /** A page, and everything that it complained about. */
    private record Tab(BrowserContext context, Page page, List<String> complaints) implements AutoCloseable {
        static Tab open(String address, int width, int height, ColorScheme scheme) {
            BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setColorScheme(scheme)
                    .setLocale("de-DE")
                    .setTimezoneId("America/New_York"));
            Page page = context.newPage();
            List<String> complaints = new ArrayList<>();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error") || message.type().equals("warning")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            page.onRequest(request -> {
                if (!request.url().startsWith(address)) {
                    complaints.add("asks elsewhere: " + request.url());
                }
            });
            page.navigate(address + "/");
            return new Tab(context, page, complaints);
        }

        Tab laid() {
            page.waitForSelector("body[data-laid]");
            page.waitForTimeout(400);
            return this;
        }

        void shoot(String name) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(SCREENSHOTS.resolve(name + ".png"))
                    .setFullPage(true));
        }

        /** A part of the page that can be read in one look. */
        void part(String name, int from) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(SCREENSHOTS.resolve(name + ".png"))
                    .setClip(0, from, page.viewportSize().width, 1400)
                    .setFullPage(true));
        }

        /** Elements that are wider than the page. */
        int overflow() {
            return ((Number) page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).intValue();
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Test
    void showsWhatFlowsAndWhatIsWrong() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            try (Tab tab =
                    Tab.open(pages.address(), 1600, 1000, ColorScheme.LIGHT).laid()) {
                tab.shoot("wide-light");
                String text = tab.page().innerText("body");
                assertThat(text)
                        .contains("usagestream-0", "ready", "live")
                        .contains("acme", "completions", "running", "catching up")
                        .contains("halted", "auth rejected", "degraded", "rate limited", "waits")
                        .contains("3 of 14", "need attention")
                        .contains("elsewhere", "usagestream-1")
                        .contains("negative count", "input_tokens is negative")
                        .contains("USD", "is final again, revision 2")
                        .contains("ago", "UTC");
                assertThat(tab.page().locator("#rate").isVisible()).isTrue();
                assertThat(tab.page().locator("#usage").isVisible()).isTrue();
                assertThat(tab.page().locator("#usage-tabs button").allInnerTexts())
                        .containsExactly("Cost", "Tokens", "Requests", "Compute units");
                tab.page().click("#usage-tabs button:has-text('Tokens')");
                assertThat(tab.page().innerText("#usage-sum")).contains("by model", "tokens");
                assertThat(painted(tab.page(), "usage")).isGreaterThan(500);
                assertThat(painted(tab.page(), "rate")).isGreaterThan(100);
                tab.shoot("wide-light-tokens");
                assertThat(tab.overflow()).isZero();
                assertThat(tab.complaints()).isEmpty();
            }
        }
    }

    @Test
    void followsTheServiceWithoutReloading() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            try (Tab tab =
                    Tab.open(pages.address(), 1280, 900, ColorScheme.LIGHT).laid()) {
                String before = tab.page().innerText("#tiles");
                tab.page().evaluate("window.same = true");
                pages.service().goOn();
                tab.page().waitForFunction("before => document.getElementById('tiles').innerText !== before", before);
                assertThat(tab.page().evaluate("window.same")).isEqualTo(true);
                assertThat(tab.complaints()).isEmpty();
            }
        }
    }

    @Test
    void isDarkWhereTheReaderWantsItDark() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            try (Tab tab =
                    Tab.open(pages.address(), 1600, 1000, ColorScheme.DARK).laid()) {
                tab.shoot("wide-dark");
                assertThat(tab.page().evaluate("getComputedStyle(document.body).backgroundColor"))
                        .isEqualTo("rgb(14, 20, 24)");
                assertThat(tab.complaints()).isEmpty();
            }
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                try (Tab tab = Tab.open(pages.address(), 360, 780, scheme).laid()) {
                    tab.shoot("phone-" + scheme.name().toLowerCase(Locale.ROOT));
                    assertThat(tab.overflow()).isLessThanOrEqualTo(0);
                    assertThat(clipped(tab.page())).isEmpty();
                    tab.part("phone-top-" + scheme.name().toLowerCase(Locale.ROOT), 0);
                    tab.part("phone-middle-" + scheme.name().toLowerCase(Locale.ROOT), 2600);
                    assertThat(tab.complaints()).isEmpty();
                }
            }
        }
    }

    @Test
    void showsHostileNamesAsText() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            try (Tab tab =
                    Tab.open(pages.address(), 1280, 900, ColorScheme.LIGHT).laid()) {
                assertThat(tab.page().innerText("#restatements")).contains(LivelyService.HOSTILE);
                assertThat(tab.page().innerText("#quarantine")).contains(LivelyService.HOSTILE);
                assertThat(tab.page().evaluate("typeof window.pwned")).isEqualTo("undefined");
                assertThat(tab.page().locator("main script, main img").count()).isZero();
                assertThat(tab.complaints()).isEmpty();
            }
        }
    }

    @Test
    void saysWhatToExpectBeforeAnythingWasRead() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            try (Tab tab =
                    Tab.open(pages.address(), 1280, 900, ColorScheme.LIGHT).laid()) {
                tab.shoot("empty");
                assertThat(tab.page().innerText("body"))
                        .contains("not ready", "it is starting", "unassigned", "Nothing has been read yet")
                        .contains("No usage of the last 14 days", "None. When upstream changes", "Empty. Rows that");
                assertThat(tab.complaints()).isEmpty();
            }
        }
    }

    @Test
    void findsStreamsAndWhatNeedsAttention() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            try (Tab tab =
                    Tab.open(pages.address(), 1280, 900, ColorScheme.LIGHT).laid()) {
                tab.page().fill("#find", "studio/act");
                assertThat(tab.page().locator("#stream-rows th[scope=row]").allInnerTexts())
                        .containsExactly("activity");
                tab.page().fill("#find", "");
                tab.page().click("#attention");
                assertThat(tab.page().locator("#stream-rows th[scope=row]").allInnerTexts())
                        .containsExactly("embeddings", "embeddings", "images", "completions", "costs");
                tab.page().fill("#find", "nothing like it");
                assertThat(tab.page().innerText("#stream-rows")).contains("Nothing matches");
            }
        }
    }

    @Test
    void asksForTheTokenWhereOneIsSet() throws Exception {
        try (Pages pages = new Pages(Optional.of(Secret.of("correct horse")))) {
            pages.begin();
            try (Tab tab = Tab.open(pages.address(), 800, 600, ColorScheme.LIGHT)) {
                tab.shoot("token");
                tab.page().fill("#token", "wrong");
                tab.page().click("button");
                // not a function: the page's policy forbids what asks again and again for one
                tab.page().waitForSelector("#wrong:not(:empty)");
                assertThat(tab.page().innerText("#wrong")).isEqualTo("That is not the token.");
                tab.page().fill("#token", "correct horse");
                tab.page().click("button");
                tab.laid();
                assertThat(tab.page().innerText("body")).contains("acme", "live");
            }
        }
    }

    /** Pixels of a canvas that are not empty. */
    private static int painted(Page page, String canvas) {
        return ((Number) page.evaluate("""
                        id => {
                          const c = document.getElementById(id);
                          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
                          let n = 0;
                          for (let i = 3; i < d.length; i += 4) n += d[i] ? 1 : 0;
                          return n;
                        }""", canvas)).intValue();
    }

    /** Texts that do not fit their element. */
    private static List<?> clipped(Page page) {
        return (List<?>) page.evaluate("""
                () => [...document.querySelectorAll("main *")]
                  .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)
                  .filter(e => getComputedStyle(e).display !== "inline")
                  .map(e => e.tagName + "." + e.className + ": " + e.innerText.slice(0, 40))""");
    }
}
