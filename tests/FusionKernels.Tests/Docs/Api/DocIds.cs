using System.Reflection;

namespace FusionKernels.Tests.Docs.Api;

/// <summary>The names under which the compiler files documentation: ECMA-334, annex D.4.2.</summary>
internal static class DocIds
{
    /// <summary>The name of a type or a member.</summary>
    public static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{Full(type)}",
        MethodBase method => $"M:{Full(method.DeclaringType!)}.{method.Name.Replace('.', '#')}{Arity(method)}{Parameters(method.GetParameters())}{Target(method)}",
        PropertyInfo property => $"P:{Full(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{Full(field.DeclaringType!)}.{field.Name}",
        _ => $"E:{Full(member.DeclaringType!)}.{member.Name}",
    };

    private static string Full(Type type) => type.IsNested ? $"{Full(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";

    private static string Arity(MethodBase method) => method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    /// <summary>Conversions are told apart by what they give.</summary>
    private static string Target(MethodBase method) =>
        method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? $"~{Used(conversion.ReturnType)}" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Used(parameter.ParameterType)))})";

    /// <summary>A type where it is used: with its arguments, and parameters by their position.</summary>
    private static string Used(Type type)
    {
        if (type.IsByRef) return $"{Used(type.GetElementType()!)}@";
        if (type.IsArray) return $"{Used(type.GetElementType()!)}[{(type.GetArrayRank() == 1 ? "" : string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank())))}]";
        if (type.IsPointer) return $"{Used(type.GetElementType()!)}*";
        if (type.IsGenericParameter) return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        if (!type.IsGenericType) return Full(type);
        Queue<Type> arguments = new(type.GetGenericArguments());
        return Closed(type.GetGenericTypeDefinition(), arguments);
    }

    private static string Closed(Type definition, Queue<Type> arguments)
    {
        string outer = definition.IsNested ? Closed(definition.DeclaringType!, arguments) : definition.Namespace!;
        string[] name = definition.Name.Split('`');
        return name.Length == 1 ? $"{outer}.{name[0]}" : $"{outer}.{name[0]}{{{string.Join(',', Enumerable.Range(0, int.Parse(name[1], null)).Select(_ => Used(arguments.Dequeue())))}}}";
    }
}
