package io.assay.registry.http;

import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.platform.http.NameTag;
import io.assay.platform.http.Positions;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.api.ArtifactsApi;
import io.assay.registry.api.model.StoredArtifact;
import io.assay.registry.references.References;
import io.assay.registry.storeartifact.ArtifactStore;
import io.assay.registry.storeartifact.StoreArtifact;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.server.types.files.FileCustomizableResponseType;
import io.micronaut.http.server.types.files.SystemFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The bytes of versions. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ArtifactsController implements ArtifactsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final NameTag names;
  private final ArtifactStore store;

  ArtifactsController(
      Commands commands,
      Invocations invocations,
      References references,
      NameTag names,
      ArtifactStore store) {
    this.commands = commands;
    this.invocations = invocations;
    this.references = references;
    this.names = names;
    this.store = store;
  }

  @Override
  public HttpResponse<StoredArtifact> uploadArtifact(
      String model, String version, String path, @Body @Nullable InputStream bytes) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var registered = references.version(workspace, model, version);
    var artifact = artifact(registered, path);
    try (var body = bytes == null ? InputStream.nullInputStream() : bytes) {
      store.receive(body, artifact);
    } catch (IOException e) {
      throw new ProblemException(
          Rejection.malformed("", "The upload broke off; nothing of it is kept. Send it again."));
    }
    var id = registered.version();
    var receipt =
        commands.<Artifact>send(
            new StoreArtifact(
                id,
                artifact.path(),
                artifact.digest(),
                artifact.size(),
                names.of(workspace, "artifact", id.value() + " " + artifact.path())),
            invocation);
    receipt.position().ifPresent(Positions::written);
    return HttpResponse.ok(
        new StoredArtifact(artifact.path(), artifact.digest().hex(), artifact.size(), true)
            .mediaType(artifact.mediaType()));
  }

  @Override
  public HttpResponse<FileCustomizableResponseType> downloadArtifact(
      String model, String version, String path) {
    var workspace = invocations.current().workspace();
    var artifact = artifact(references.version(workspace, model, version), path);
    var file =
        store
            .file(artifact.digest())
            .orElseThrow(
                () -> new ProblemException(Rejection.notFound("byte of this artifact yet")));
    var name = path.substring(path.lastIndexOf('/') + 1);
    FileCustomizableResponseType answer =
        new SystemFile(file.toFile(), MediaType.of(artifact.mediaType())).attach(name);
    return HttpResponse.ok(answer)
        .header(HttpHeaders.ETAG, "\"" + artifact.digest().hex() + "\"")
        .header(
            "Content-Digest",
            "sha-256=:" + Base64.getEncoder().encodeToString(artifact.digest().bytes()) + ":")
        .header("X-Content-Type-Options", "nosniff");
  }

  private static Artifact artifact(ModelVersionRegistered version, String path) {
    var named = Answers.nfc(path);
    return version.artifacts().stream()
        .filter(artifact -> artifact.path().equals(named))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Rejection.notFound("such path in the manifest of the version")));
  }
}
