package io.assay.platform.identity;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out of a token's claims who may do what, and where.
 *
 * <p>What stands in one of the configured roles claims (Keycloak's, unless said) is held in every
 * workspace. What comes of a group {@code /workspaces/NAME/ROLE}, or of a group that is mapped to
 * {@code ROLE@NAME}, is held in that workspace only. A group gives no role that is not one of ours,
 * and never {@link Roles#SERVICE}.
 */
@Context // so that a mapping that cannot be stops the start
@Requires(beans = IdentityConfiguration.class)
class TokenRoles {

  private static final String WORKSPACES = "/workspaces/";

  private final IdentityConfiguration identity;

  TokenRoles(IdentityConfiguration identity) {
    this.identity = identity;
    identity
        .groupRoles()
        .values()
        .forEach(
            roles ->
                roles.forEach(
                    role -> {
                      if (!Roles.GIVEN_BY_GROUPS.contains(name(role))) {
                        throw new ConfigurationException(
                            "assay.identity.group-roles: a group cannot give the role "
                                + name(role));
                      }
                    }));
  }

  /** The roles that a token gives in a workspace. */
  List<String> in(String workspace, Map<String, Object> claims) {
    var roles = new LinkedHashSet<String>();
    for (var claim : identity.rolesClaims()) {
      collect(value(claims, claim), roles);
    }
    for (var group : groups(claims)) {
      var parts = group.startsWith(WORKSPACES) ? group.split("/", -1) : new String[0];
      if (parts.length == 4
          && parts[2].equals(workspace)
          && Roles.GIVEN_BY_GROUPS.contains(parts[3])) {
        roles.add(parts[3]);
      }
      for (var mapped : identity.groupRoles().getOrDefault(group, List.of())) {
        var where = workspaceOf(mapped);
        if (where == null || where.equals(workspace)) {
          roles.add(name(mapped));
        }
      }
    }
    return List.copyOf(roles);
  }

  /** The workspaces that a token's bearer belongs to; {@code *} stands for all. */
  Set<String> workspaces(Map<String, Object> claims) {
    var workspaces = new LinkedHashSet<String>();
    for (var group : groups(claims)) {
      if (group.startsWith(WORKSPACES)) {
        workspaces.add(group.split("/", -1)[2]);
      }
      for (var mapped : identity.groupRoles().getOrDefault(group, List.of())) {
        var where = workspaceOf(mapped);
        if (where != null) {
          workspaces.add(where);
        }
      }
    }
    return Set.copyOf(workspaces);
  }

  private List<String> groups(Map<String, Object> claims) {
    var groups = new ArrayList<String>();
    collect(value(claims, identity.groupsClaim()), groups);
    return groups;
  }

  /** A claim by its name, or, where none is called so, by its path with dots. */
  private static @Nullable Object value(Map<?, ?> claims, String path) {
    if (claims.containsKey(path)) {
      return claims.get(path);
    }
    int dot = path.indexOf('.');
    return dot > 0 && claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
        ? value(inner, path.substring(dot + 1))
        : null;
  }

  private static void collect(@Nullable Object value, Collection<String> into) {
    if (value instanceof Collection<?> values) {
      for (var each : values) {
        collect(each, into);
      }
    } else if (value instanceof String name && !name.isBlank()) {
      into.add(name);
    }
  }

  private static String name(String mapped) {
    int at = mapped.indexOf('@');
    return at < 0 ? mapped : mapped.substring(0, at);
  }

  private static @Nullable String workspaceOf(String mapped) {
    int at = mapped.indexOf('@');
    return at < 0 ? null : mapped.substring(at + 1);
  }
}
