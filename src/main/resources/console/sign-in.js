// Shows the token once; the answer's cookie opens the console from then on.
const form = document.getElementById("form");
const token = document.getElementById("token");
const wrong = document.getElementById("wrong");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.textContent = "";
  try {
    const answer = await fetch("/api/session", { headers: { Authorization: "Bearer " + token.value.trim() } });
    if (answer.ok) {
      location.reload();
    } else {
      wrong.textContent = "That is not the token.";
      token.select();
    }
  } catch {
    wrong.textContent = "The service cannot be reached.";
  }
});
