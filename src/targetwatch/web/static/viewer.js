/* Starts the viewer of the API; a file because the page allows no script inside itself. */
window.addEventListener("load", () => {
  const place = document.getElementById("viewer");
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    supportedSubmitMethods: ["get", "post"],
  });
});
