using System.Text.Json.Serialization;

namespace FusionKernels;

/// <summary>What notes of model files hold as JSON, for programs that have no reflection.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class NotesJson : JsonSerializerContext;
